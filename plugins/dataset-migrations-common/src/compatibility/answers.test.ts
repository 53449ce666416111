import fc from 'fast-check';
import { Change } from '../changes/types';
import {
  applyAnswers,
  concernsOfEach,
  describeConcerns,
  GivenAnswer,
} from './answers';
import { changesConcerning, judgeConsumers } from './judgeConsumers';
import { Consumer } from './types';

const renamed: Change = {
  kind: 'field-renamed',
  from: 'delay',
  to: 'arrival_delay',
  effect: 'breaking',
  summary: 'renamed to `arrival_delay`',
};
const dropped: Change = {
  kind: 'field-dropped',
  from: 'origin',
  effect: 'breaking',
  summary: 'dropped',
};
const longer: Change = {
  kind: 'length-changed',
  from: 'name',
  to: 'name',
  effect: 'risky',
  summary: 'changed from varchar(10) to varchar(20)',
};
const added: Change = {
  kind: 'field-added',
  to: 'carrier',
  effect: 'compatible',
  summary: 'added as text',
};

const now = new Date('2026-11-29T12:00:00Z');
const board: Consumer = {
  entityRef: 'component:default/board',
  source: 'declared',
  constraint: '^1.0.0',
  fields: ['delay'],
};

function acknowledged(
  changes: Change[],
  given: Partial<GivenAnswer> = {},
): GivenAnswer {
  return {
    kind: 'ready',
    by: 'user:default/bessie',
    at: '2026-11-28T10:00:00.000Z',
    concerns: describeConcerns(changes),
    constraint: board.constraint,
    ...given,
  };
}

function judge(
  answer: GivenAnswer,
  changes = [renamed, dropped, longer, added],
  consumer = board,
) {
  const [verdict] = applyAnswers(
    judgeConsumers({ consumers: [consumer], changes, toVersion: '2.0.0' }),
    { answers: new Map([[consumer.entityRef, answer]]), changes, now },
  );
  return verdict;
}

describe('changesConcerning', () => {
  const concerns = (consumer: Partial<Consumer>) =>
    describeConcerns(
      changesConcerning(
        { ...board, ...consumer },
        { changes: [renamed, dropped, longer, added] },
      ),
    );

  it('are the grave ones of what a consumer reads', () => {
    expect(concerns({})).toEqual([
      '`delay` renamed to `arrival_delay` (breaking)',
    ]);
    expect(concerns({ fields: ['name', 'carrier'] })).toEqual([
      '`name` changed from varchar(10) to varchar(20) (risky)',
    ]);
    expect(concerns({ fields: [] })).toEqual([]);
  });

  it('are all grave ones where it is not known what it reads', () => {
    expect(concerns({ fields: undefined })).toHaveLength(3);
    const evidence = [
      { by: 'parsed', field: 'delay', file: 'a.sql', line: 3 } as const,
    ];
    expect(concerns({ evidence })).toHaveLength(3);
    expect(concerns({ evidence, complete: 'parsed' })).toHaveLength(1);
  });

  it('are described once for all of whom not everything is known', () => {
    const concernsOf = concernsOfEach({ changes: [renamed, dropped, added] });
    const [one, two] = ['a', 'b'].map(name =>
      concernsOf({ ...board, entityRef: name, fields: undefined }),
    );
    expect(one).toHaveLength(2);
    expect(two).toBe(one);
    expect(
      concernsOf({
        ...board,
        unread: [{ reason: 'a loop' }],
      }),
    ).toBe(one);
    expect(concernsOf(board)).toEqual(describeConcerns([renamed]));
  });
});

describe('applyAnswers', () => {
  it('G6: makes a consumer ready that was acknowledged, and says by whom', () => {
    expect(judge(acknowledged([renamed]))).toMatchObject({
      verdict: 'ready',
      blocking: false,
      reasons: [
        'acknowledged by user:default/bessie on 2026-11-28',
        'reads `delay`, renamed to `arrival_delay`',
        'its constraint ^1.0.0 excludes 2.0.0',
      ],
      answer: { kind: 'ready', by: 'user:default/bessie' },
    });
  });

  it('G6: keeps an acknowledgement while changes come that it does not read', () => {
    const { verdict } = judge(acknowledged([renamed]), [renamed]);
    expect(verdict).toBe('ready');
  });

  it('G6: drops one that speaks of other changes, and says which', () => {
    const typed: Change = { ...renamed, summary: 'changed from int to text' };
    expect(judge(acknowledged([renamed]), [renamed, typed])).toMatchObject({
      verdict: 'breaks',
      blocking: true,
      answer: {
        dropped: 'since then came `delay` changed from int to text (breaking)',
      },
      reasons: expect.arrayContaining([
        'acknowledged by user:default/bessie on 2026-11-28, which counts no longer: since then came `delay` changed from int to text (breaking)',
      ]),
    });
    // Who has followed a rename breaks without it.
    expect(judge(acknowledged([renamed, typed]), [typed])).toMatchObject({
      verdict: 'breaks',
      answer: {
        dropped:
          'no longer planned is `delay` renamed to `arrival_delay` (breaking)',
      },
    });
  });

  it.each([
    ['~1.4.0', 'since then it declares `~1.4.0` instead of `^1.0.0`'],
    [undefined, 'since then it declares no versions instead of `^1.0.0`'],
  ])(
    'G6: drops one when the consumer itself says %s since then',
    (constraint, reason) => {
      expect(
        judge(acknowledged([renamed]), undefined, { ...board, constraint }),
      ).toMatchObject({
        verdict: 'breaks',
        blocking: true,
        answer: { dropped: reason },
      });
    },
  );

  it('G6: waits for the day from which it is ready', () => {
    const later = (date: string) => judge(acknowledged([renamed], { date }));
    expect(later('2026-12-01T00:00:00.000Z')).toMatchObject({
      verdict: 'breaks',
      reasons: expect.arrayContaining([
        'acknowledged by user:default/bessie on 2026-11-28 to be ready from 2026-12-01 on',
      ]),
    });
    expect(later('2026-11-29T12:00:00.000Z').verdict).toBe('ready');
  });

  it('says who asks for more time, which changes no verdict', () => {
    const asks = {
      kind: 'more-time' as const,
      date: '2026-12-24T00:00:00.000Z',
      reason: 'the release is frozen',
    };
    expect(judge(acknowledged([renamed], asks))).toMatchObject({
      verdict: 'breaks',
      blocking: true,
      reasons: expect.arrayContaining([
        'user:default/bessie asks for time until 2026-12-24: the release is frozen',
      ]),
    });
  });

  it('makes one ready of whom nothing is known', () => {
    const unknown: Consumer = {
      entityRef: 'component:default/x',
      source: 'depends-on',
    };
    expect(
      judge(
        acknowledged([renamed, dropped, longer], { constraint: undefined }),
        undefined,
        unknown,
      ),
    ).toMatchObject({ verdict: 'ready', blocking: false });
    expect(
      judge(
        acknowledged([renamed], { constraint: undefined }),
        undefined,
        unknown,
      ),
    ).toMatchObject({
      verdict: 'unknown',
      blocking: true,
    });
  });

  it('looks once at the changes, however many consumers were answered for', () => {
    let looks = 0;
    const watched: Change = Object.defineProperty({ ...renamed }, 'to', {
      enumerable: true,
      get: () => {
        looks += 1;
        return renamed.to;
      },
    });
    const changes = [watched, dropped];
    const consumers = Array.from({ length: 500 }, (_, index) => ({
      ...board,
      entityRef: `component:default/c${index}`,
    }));
    const verdicts = judgeConsumers({ consumers, changes, toVersion: '2.0.0' });
    const answers = new Map(
      consumers.map(({ entityRef }) => [entityRef, acknowledged([renamed])]),
    );
    looks = 0;
    const after = applyAnswers(verdicts, {
      answers,
      changes,
      fields: ['delay', 'origin', 'arrival_delay'],
      now,
    });
    expect(after.every(({ verdict }) => verdict === 'ready')).toBe(true);
    expect(looks).toBeLessThan(10);
  });

  it('G6: touches exactly the consumers that were acknowledged', () => {
    const consumer = fc.record({
      constraint: fc.option(fc.constantFrom('^1.0.0', '^2.0.0', '>=1'), {
        nil: undefined,
      }),
      fields: fc.option(
        fc.uniqueArray(fc.constantFrom('delay', 'origin', 'name', 'other')),
        { nil: undefined },
      ),
      acknowledges: fc.option(
        fc.uniqueArray(fc.constantFrom(renamed, dropped, longer)),
        { nil: undefined },
      ),
    });
    const changes = [renamed, dropped, longer, added];
    fc.assert(
      fc.property(fc.array(consumer, { maxLength: 12 }), given => {
        const consumers = given.map(
          ({ constraint, fields }, index): Consumer => ({
            entityRef: `component:default/c${index}`,
            source: 'declared',
            constraint,
            fields,
          }),
        );
        const answers = new Map(
          given.flatMap(({ acknowledges }, index) =>
            acknowledges
              ? [
                  [
                    consumers[index].entityRef,
                    acknowledged(acknowledges, {
                      constraint: consumers[index].constraint,
                    }),
                  ] as const,
                ]
              : [],
          ),
        );
        const before = judgeConsumers({
          consumers,
          changes,
          toVersion: '2.0.0',
        });
        const after = applyAnswers(before, { answers, changes, now });
        after.forEach((verdict, index) => {
          const answer = answers.get(consumers[index].entityRef);
          const speaksOfThese =
            answer?.concerns.join() ===
            describeConcerns(
              changesConcerning(consumers[index], { changes }),
            ).join();
          expect(verdict.verdict).toBe(
            answer && speaksOfThese ? 'ready' : before[index].verdict,
          );
        });
      }),
    );
  });
});
