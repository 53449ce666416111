import { Change } from '../changes/types';
import { withFieldUse } from './evidence';
import { judgeConsumers } from './judgeConsumers';
import { describeSilence } from './silence';
import { Consumer, LineageSilence } from './types';

const renamed: Change = {
  kind: 'field-renamed',
  from: 'delay',
  to: 'arrival_delay',
  effect: 'breaking',
  summary: 'renamed to `arrival_delay`',
};
const moved: Change = {
  kind: 'object-renamed',
  effect: 'breaking',
  summary: '`flights` is called `trips`',
};
const street: Change = {
  kind: 'field-dropped',
  from: 'address.street',
  effect: 'breaking',
  summary: 'dropped',
};

const silence: LineageSilence = {
  since: '2026-10-30',
  jobs: 2,
  reads: [{ field: 'origin', job: 'airflow/radar', on: '2026-11-28' }],
};
const SILENT =
  'no run has read `delay` since 2026-10-30, and lineage of its 2 jobs was live throughout';

const observed = (field: string, at = '2026-10-01T00:00:00.000Z') => ({
  by: 'observed' as const,
  field,
  job: 'airflow/old',
  at,
});
const parsed = (field: string, more: object = {}) => ({
  by: 'parsed' as const,
  field,
  file: 'a.sql',
  line: 1,
  ...more,
});

function judge(
  consumer: Partial<Consumer>,
  options: Partial<Parameters<typeof judgeConsumers>[0]> = {},
) {
  const [{ verdict, blocking, reasons }] = judgeConsumers({
    consumers: [
      { entityRef: 'component:default/x', source: 'declared', ...consumer },
    ],
    changes: [renamed],
    toVersion: '2.0.0',
    fields: ['delay', 'origin', 'address'],
    ...options,
  });
  return [verdict, blocking, reasons.join('; ')];
}

const found = (
  use: Parameters<typeof withFieldUse>[1],
  consumer: Partial<Consumer> = {},
) =>
  withFieldUse(
    {
      entityRef: 'component:default/x',
      source: 'declared',
      silence,
      ...consumer,
    },
    use,
  );

describe('the silence of runs', () => {
  it('makes ready of whom nothing is known', () => {
    expect(judge({ silence })).toEqual(['ready', false, SILENT]);
  });

  it('makes ready who was found to read other fields, or what an earlier run read', () => {
    expect(judge(found({ evidence: [observed('origin')] }))).toEqual([
      'ready',
      false,
      SILENT,
    ]);
    expect(judge(found({ evidence: [observed('delay')] }))).toEqual([
      'ready',
      false,
      SILENT,
    ]);
    expect(
      judge(found({ unread: [{ file: 'a.py', reason: 'is Python' }] })),
    ).toEqual(['ready', false, SILENT]);
    // What it declares is not what a run read once.
    expect(
      judge(found({ evidence: [observed('delay')] }, { fields: ['origin'] })),
    ).toEqual(['ready', false, SILENT]);
  });

  it('makes ready who excludes the target, as it does who is known to be untouched', () => {
    expect(judge({ silence, constraint: '^1.0.0' })).toEqual([
      'ready',
      false,
      `${SILENT}; its constraint ^1.0.0 excludes 2.0.0 and wants raising`,
    ]);
    expect(
      judge({ silence, constraint: '^1.0.0' }, { strict: true }).slice(0, 2),
    ).toEqual(['breaks', true]);
    expect(
      judge(found({ evidence: [observed('delay')] }, { constraint: '>=1' })),
    ).toEqual(['ready', false, SILENT]);
  });

  it('says less than what is known otherwise', () => {
    expect(judge({ silence, constraint: '^2.0.0' })).toEqual([
      'ready',
      false,
      'its constraint ^2.0.0 accepts 2.0.0',
    ]);
    expect(judge({ silence, fields: ['origin'] })[2]).toBe(
      'reads only `origin`, which no breaking change touches',
    );
  });

  it.each<[string, Partial<Consumer>]>([
    ['declares the field', { silence, fields: ['delay'] }],
    [
      'declares it and was seen to read others',
      found({ evidence: [observed('origin')] }, { fields: ['delay'] }),
    ],
    ['reads it in its SQL', found({ evidence: [parsed('delay')] })],
    [
      'reads it by `*`',
      found({
        evidence: [
          parsed('origin', { star: true }),
          parsed('delay', { star: true }),
        ],
      }),
    ],
    [
      'shares SQL that reads it',
      found({ evidence: [parsed('delay', { shared: true })] }),
    ],
    [
      'reads it in both',
      found({ evidence: [parsed('delay'), observed('delay')] }),
    ],
  ])('G6: makes nobody ready who %s', (_who, consumer) => {
    const [verdict, blocking, reasons] = judge(consumer);
    expect([verdict === 'ready', blocking]).toEqual([false, true]);
    expect(reasons).not.toContain('no run');
  });

  it('G6: makes nobody ready whose declaration is wrong', () => {
    expect(judge({ silence, constraint: 'x.y' })[0]).toBe('unknown');
    expect(judge({ silence, fields: ['gone'] })[0]).toBe('unknown');
    expect(judge({ silence, problem: 'declares two versions' })).toEqual([
      'unknown',
      true,
      'declares two versions',
    ]);
  });

  it('G6: proves nothing where lineage was not live throughout, and says why', () => {
    const doubt = 'airflow/radar has told nothing since 2026-11-02';
    expect(judge({ silence: { ...silence, doubt, reads: [] } })).toEqual([
      'unknown',
      true,
      `declares neither a constraint nor the fields it reads; that no run read \`delay\` would prove nothing: ${doubt}`,
    ]);
  });

  it('G6: is broken by one run that read the field, the whole around it, or a part of it', () => {
    const reading = (field: string) => ({
      ...silence,
      reads: [{ field, job: 'airflow/radar', on: '2026-11-20' }],
    });
    expect(judge({ silence: reading('delay') })).toEqual([
      'unknown',
      true,
      'declares neither a constraint nor the fields it reads; a run of airflow/radar read `delay` on 2026-11-20',
    ]);
    const changes = [street];
    const verdictOf = (field: string) =>
      judge({ silence: reading(field) }, { changes })[0];
    expect(verdictOf('address')).toBe('unknown');
    expect(verdictOf('address.street.number')).toBe('unknown');
    expect(verdictOf('address.city')).toBe('ready');
    // The old name is not the new one, nor one that begins alike.
    expect(judge({ silence: reading('arrival_delay') })[0]).toBe('ready');
    const fields = ['delay', 'delays'];
    expect(judge({ silence: reading('delays') }, { fields })[0]).toBe('ready');
  });

  it('G6: proves nothing where a run read what neither version has: it may have another name now', () => {
    const reads = [{ field: 'late', job: 'airflow/radar', on: '2026-11-20' }];
    expect(judge({ silence: { ...silence, reads } })).toEqual([
      'unknown',
      true,
      'declares neither a constraint nor the fields it reads; that no run read `delay` would prove nothing: a run of airflow/radar read `late` on 2026-11-20, which neither version has',
    ]);
    // Nothing is known of the names then.
    expect(
      judge({ silence: { ...silence, reads } }, { fields: undefined })[0],
    ).toBe('ready');
  });

  it('G6: is broken by a run that was observed within the time, of which nothing else is known', () => {
    const judged = (at: string) =>
      judge(found({ evidence: [observed('delay', at)] }));
    expect(judged('2026-10-29T23:59:59.999Z')[0]).toBe('ready');
    for (const at of ['2026-10-30T00:00:00.000Z', '2026-10-30T09:30:00.000Z']) {
      expect(judged(at)).toEqual([
        'breaks',
        true,
        expect.stringContaining(
          'a run of airflow/old read `delay` on 2026-10-30',
        ),
      ]);
    }
  });

  it('G6: must be of all fields that change, and says nothing of the whole dataset', () => {
    expect(
      judge(
        {
          silence: {
            ...silence,
            reads: [{ field: 'address', job: 'a', on: '2026-11-20' }],
          },
        },
        { changes: [renamed, street] },
      )[0],
    ).toBe('unknown');
    expect(judge({ silence }, { changes: [renamed, moved] })[0]).toBe('breaks');
  });

  it('is no reason where nothing breaks', () => {
    expect(judge({ silence }, { changes: [] })).toEqual([
      'unknown',
      false,
      'declares neither a constraint nor the fields it reads',
    ]);
  });

  it('finds what a declaration names in one of several objects', () => {
    const changes = [{ ...renamed, object: 'flights', from: 'flights.delay' }];
    const options = {
      changes,
      fields: ['flights.delay', 'carriers.code'],
      objects: [
        { from: 'flights', to: 'flights' },
        { from: 'carriers', to: 'carriers' },
      ],
    };
    const reading = (field: string) => ({
      ...silence,
      reads: [{ field, job: 'airflow/radar', on: '2026-11-20' }],
    });
    expect(judge({ silence: reading('carriers.code') }, options)[0]).toBe(
      'ready',
    );
    // As it was called while there was one object.
    expect(judge({ silence: reading('delay') }, options)[0]).toBe('unknown');
    for (const fields of [['delay'], ['flights'], ['flights.delay']]) {
      expect(
        judge(
          found({ evidence: [observed('flights.delay')] }, { fields }),
          options,
        )[0],
      ).toBe('breaks');
    }
  });

  it('is described for people', () => {
    expect(describeSilence(silence)).toBe(
      'lineage of its 2 jobs was live throughout since 2026-10-30, and read only `origin`',
    );
    expect(describeSilence({ ...silence, jobs: 1, reads: [] })).toBe(
      'lineage of its job was live throughout since 2026-10-30, and read no field',
    );
    expect(describeSilence({ ...silence, doubt: 'x is new' })).toBe(
      'what its runs do not read proves nothing: x is new',
    );
  });
});
