import { Change } from '../changes/types';
import { describeEvidence, FoundFieldUse, withFieldUse } from './evidence';
import { judgeConsumers } from './judgeConsumers';
import { Consumer, FieldEvidence } from './types';

const declared: Consumer = {
  entityRef: 'component:default/x',
  source: 'declared',
};
const parsed = (field: string, line: number): FieldEvidence => ({
  by: 'parsed',
  field,
  file: 'models/late.sql',
  line,
});
const observed = (field: string, day: string): FieldEvidence => ({
  by: 'observed',
  field,
  job: 'airflow/radar',
  at: `2026-11-${day}T00:00:00.000Z`,
});
const unread = [
  { file: 'models/loop.sql', line: 2, reason: '{% for %} is not evaluated' },
];
const renamed: Change = {
  kind: 'field-renamed',
  from: 'delay',
  to: 'arrival_delay',
  effect: 'breaking',
  summary: 'renamed to `arrival_delay`',
};

function judge(consumer: Partial<Consumer>, found: FoundFieldUse) {
  const [{ verdict, reasons }] = judgeConsumers({
    consumers: [withFieldUse({ ...declared, ...consumer }, found)],
    changes: [renamed],
    toVersion: '2.0.0',
    fields: ['delay', 'origin'],
  });
  return [verdict, reasons.join('; ')];
}

describe('verdicts by evidence', () => {
  it('names file and line of what SQL reads', () => {
    expect(
      judge({}, { evidence: [parsed('delay', 12), parsed('delay', 20)] }),
    ).toEqual([
      'breaks',
      'reads `delay` (models/late.sql:12 and 1 more place), renamed to `arrival_delay`',
    ]);
  });

  it('names when a run was', () => {
    expect(
      judge(
        {},
        { evidence: [observed('delay', '01'), observed('delay', '02')] },
      ),
    ).toEqual([
      'breaks',
      'reads `delay` (observed 2026-11-02T00:00:00.000Z in airflow/radar), renamed to `arrival_delay`',
    ]);
  });

  it('holds what is found against what is declared', () => {
    expect(
      judge({ fields: ['origin'] }, { evidence: [parsed('delay', 1)] }),
    ).toEqual([
      'breaks',
      'reads `delay` (models/late.sql:1), renamed to `arrival_delay`',
    ]);
    expect(
      judge({ fields: ['delay'] }, { evidence: [parsed('delay', 1)] })[1],
    ).toBe(
      'reads `delay` (declared; models/late.sql:1), renamed to `arrival_delay`',
    );
  });

  it('G6: is not ready by a little evidence, whatever it is', () => {
    expect(judge({}, { evidence: [parsed('origin', 3)] })).toEqual([
      'unknown',
      'was found to read only `origin` (parsed from 1 file), but nothing says that this is all',
    ]);
    expect(judge({}, { evidence: [observed('origin', '01')] })).toEqual([
      'unknown',
      'was found to read only `origin` (observed 2026-11-01T00:00:00.000Z), but nothing says that this is all',
    ]);
    expect(
      judge({ constraint: '^1.0.0' }, { evidence: [parsed('origin', 3)] }),
    ).toEqual([
      'breaks',
      'its constraint ^1.0.0 excludes 2.0.0 and the fields it reads are not known in full; was found to read only `origin` (parsed from 1 file), but nothing says that this is all',
    ]);
  });

  it('is ready when all of its source was read and nothing of it is touched', () => {
    expect(
      judge({}, { complete: 'parsed', evidence: [parsed('origin', 3)] }),
    ).toEqual([
      'ready',
      'reads only `origin` (parsed from 1 file), which no breaking change touches',
    ]);
    expect(
      judge({}, { complete: 'stated', evidence: [parsed('origin', 3)] }),
    ).toEqual([
      'ready',
      'reads only `origin` (parsed from 1 file; its annotation says that this is all), which no breaking change touches',
    ]);
  });

  it.each<[string, FoundFieldUse]>([
    ['of runs alone', { evidence: [observed('origin', '01')] }],
    [
      'beside what could not be read',
      { evidence: [parsed('origin', 3)], unread },
    ],
    ['of nothing that was found', { unread }],
    [
      'of a source that others share',
      {
        evidence: [
          parsed('origin', 3),
          { ...parsed('delay', 4), shared: true } as FieldEvidence,
        ],
      },
    ],
  ])('G6: takes no statement that it is all %s', (_what, found) => {
    for (const complete of ['stated', 'parsed'] as const) {
      expect(judge({}, { ...found, complete })[0]).toBe('unknown');
    }
  });

  it('blames nobody for what stands in a source that several share', () => {
    const evidence = [{ ...parsed('delay', 4), shared: true } as FieldEvidence];
    expect(judge({}, { evidence })).toEqual([
      'unknown',
      'which of the consumers that share its source reads `delay` (models/late.sql:4) is not known',
    ]);
    expect(judge({ fields: ['origin'] }, { evidence })[0]).toBe('ready');
    expect(judge({ fields: ['delay'] }, { evidence })).toEqual([
      'breaks',
      'reads `delay` (declared; models/late.sql:4), renamed to `arrival_delay`',
    ]);
  });

  it('does not know when something could not be read', () => {
    const reason =
      'what it reads is not known in full: models/loop.sql:2 {% for %} is not evaluated';
    expect(judge({}, { unread })).toEqual(['unknown', reason]);
    expect(judge({}, { unread, evidence: [parsed('origin', 3)] })).toEqual([
      'unknown',
      reason,
    ]);
    expect(
      judge(
        { constraint: '^1.0.0' },
        { unread, evidence: [parsed('origin', 3)] },
      ),
    ).toEqual([
      'breaks',
      `its constraint ^1.0.0 excludes 2.0.0 and the fields it reads are not known in full; ${reason}`,
    ]);
  });

  it('still breaks when what could be read is touched', () => {
    expect(judge({}, { unread, evidence: [parsed('delay', 3)] })[0]).toBe(
      'breaks',
    );
  });

  it('takes a declaration at its word where SQL could not be read', () => {
    expect(judge({ fields: ['origin'] }, { unread })[0]).toBe('ready');
    expect(judge({ fields: [] }, { unread })[0]).toBe('ready');
  });

  it('takes a field of another version for what it is', () => {
    expect(
      judge(
        {},
        {
          complete: 'parsed',
          evidence: [parsed('origin', 3), parsed('minutes_late', 4)],
        },
      ),
    ).toEqual([
      'ready',
      'reads only `origin`, `minutes_late` (parsed from 1 file), which no breaking change touches',
    ]);
    expect(judge({ fields: ['minutes_late'] }, { evidence: [] })[0]).toBe(
      'unknown',
    );
  });

  it('only a declaration can name a field that the dataset does not have', () => {
    expect(
      judge({ fields: ['origin'] }, { evidence: [parsed('minutes_late', 4)] }),
    ).toEqual(['ready', expect.stringContaining('reads only `origin`')]);
    expect(
      judge({ fields: ['gone'] }, { evidence: [parsed('origin', 4)] }),
    ).toEqual([
      'unknown',
      'says it reads `gone`, which the dataset does not have',
    ]);
  });

  it('does not change a consumer of whom nothing was found', () => {
    const consumer = { ...declared, fields: ['delay'] };
    expect(withFieldUse(consumer, { evidence: [], unread: [] })).toBe(consumer);
    expect(describeEvidence(consumer, 'delay')).toBe('');
  });
});
