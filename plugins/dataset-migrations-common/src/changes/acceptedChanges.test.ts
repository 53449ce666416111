import fc from 'fast-check';
import { concernsOfEach } from '../compatibility/answers';
import { judgeConsumers } from '../compatibility/judgeConsumers';
import { Consumer } from '../compatibility/types';
import { requiredBump } from '../plan/versionBump';
import { AcceptedChange, acceptChanges, gradeOf } from './acceptedChanges';
import { changeBy } from './changeBy';
import { gravestEffect } from './grades';
import { Change } from './types';

const renamed = changeBy('field-renamed', {
  from: 'delay',
  to: 'late',
  summary: 'renamed to `late`',
});
const dropped = changeBy('field-removed', {
  from: 'origin',
  summary: 'dropped',
});
const longer = changeBy('length-raised', {
  from: 'name',
  to: 'name',
  summary: 'longer',
});
const added = changeBy('field-added', { to: 'carrier', summary: 'added' });
const changes = [renamed, dropped, longer, added];

function accepted(
  change: Change,
  other: Partial<AcceptedChange> = {},
): AcceptedChange {
  return {
    id: 'a1',
    datasetRef: 'resource:default/flights',
    fromVersion: '1.0.0',
    toVersion: '2.0.0',
    rule: change.rule!,
    object: change.object,
    field: change.from ?? change.to,
    summary: change.summary,
    effect: change.effect,
    reason: 'nobody reads it',
    by: 'user:default/amelia',
    at: '2026-11-29T12:00:00.000Z',
    ...other,
  };
}

const board: Consumer = {
  entityRef: 'component:default/board',
  source: 'declared',
  constraint: '^1.0.0',
  fields: ['delay'],
};

describe('acceptChanges', () => {
  it('makes a breaking change risky, with who accepted it and why', () => {
    const [first, ...others] = acceptChanges(changes, [accepted(renamed)]);
    expect(first).toEqual({
      ...renamed,
      effect: 'risky',
      accepted: {
        id: 'a1',
        by: 'user:default/amelia',
        reason: 'nobody reads it',
        at: '2026-11-29T12:00:00.000Z',
        was: 'breaking',
      },
    });
    expect(others).toEqual([dropped, longer, added]);
  });

  it('leaves a risky change risky', () => {
    const [change] = acceptChanges([longer], [accepted(longer)]);
    expect(change).toMatchObject({
      effect: 'risky',
      accepted: { was: 'risky' },
    });
  });

  it('leaves alone what is compatible, and changes older than rules', () => {
    const { rule, ...old } = renamed;
    expect(
      acceptChanges([added, old], [accepted(added), accepted(renamed)]),
    ).toEqual([added, old]);
  });

  it.each<[string, Change]>([
    ['renamed otherwise', { ...renamed, to: 'lag', summary: 'to `lag`' }],
    ['of another field', { ...renamed, from: 'lag' }],
    ['of another object', { ...renamed, object: 'airports' }],
    ['by another rule', { ...renamed, rule: 'field-moved' }],
    ['graded otherwise', { ...renamed, effect: 'risky' }],
  ])('G6: does not cover a change that is %s', (_, change) => {
    expect(acceptChanges([change], [accepted(renamed)])).toEqual([change]);
  });

  it('says only what is accepted now, whatever was before', () => {
    const before = acceptChanges(changes, [accepted(renamed)]);
    expect(acceptChanges(before, [])).toEqual(changes);
    const now = [accepted(renamed, { id: 'a2', reason: 'they were asked' })];
    expect(acceptChanges(before, now)).toEqual(acceptChanges(changes, now));
  });

  it('changes neither what version is needed nor what permissions look at', () => {
    const now = acceptChanges(
      changes,
      changes.map(one => accepted(one)),
    );
    expect(now.map(gradeOf)).toEqual(changes.map(({ effect }) => effect));
    expect(requiredBump(now)).toBe('major');
    expect(gravestEffect(now)).toBe('breaking');
  });
});

describe('judging accepted changes', () => {
  function judge(consumer: Consumer, of: Change[] = [renamed, longer]) {
    const [verdict] = judgeConsumers({
      consumers: [consumer],
      changes: acceptChanges(of, [accepted(renamed)]),
      toVersion: '2.0.0',
    });
    return verdict;
  }
  const told =
    'renamed to `late` (accepted by user:default/amelia: nobody reads it)';

  it('blocks nobody, and shows who reads it that it is at risk', () => {
    expect(judge(board)).toMatchObject({
      verdict: 'ready',
      blocking: false,
      reasons: expect.arrayContaining([`at risk: reads \`delay\`, ${told}`]),
      touchedBy: [{ from: 'delay', accepted: { was: 'breaking' } }],
    });
  });

  it('tells those of whom it is not known what they read', () => {
    const { constraint, fields, ...unknown } = board;
    const verdict = judge(unknown);
    expect(verdict).toMatchObject({ verdict: 'unknown', blocking: false });
    expect(verdict.reasons.join('; ')).toContain(`\`delay\` ${told}`);
  });

  it('G6: still blocks for what nobody accepted', () => {
    const reader = { ...board, fields: ['delay', 'origin'] };
    expect(judge(reader, [renamed, dropped])).toMatchObject({
      verdict: 'breaks',
      blocking: true,
    });
  });

  it('concerns consumers as it did, so that what they acknowledged counts on', () => {
    const concerns = (of: Change[]) => concernsOfEach({ changes: of })(board);
    expect(concerns(acceptChanges(changes, [accepted(renamed)]))).toEqual(
      concerns(changes),
    );
  });

  it('G6: makes nobody block, and lets no one off who reads another breaking change', () => {
    fc.assert(
      fc.property(
        fc.subarray(changes),
        fc.subarray(['delay', 'origin', 'name', 'carrier']),
        fc.constantFrom(undefined, '^1.0.0', '>=1'),
        (some, fields, constraint) => {
          const consumers = [{ ...board, constraint, fields }];
          const judged = (of: Change[]) =>
            judgeConsumers({ consumers, changes: of, toVersion: '2.0.0' })[0];
          const before = judged(changes);
          const after = judged(
            acceptChanges(
              changes,
              some.map(change => accepted(change)),
            ),
          );
          const reads = (change: Change) =>
            change.from !== undefined && fields.includes(change.from);
          const left = changes.some(
            change =>
              change.effect === 'breaking' &&
              !some.includes(change) &&
              reads(change),
          );
          expect(after.blocking).toBe(before.blocking && left);
          // Whoever is touched is told, accepted or not.
          expect(after.touchedBy.map(({ from }) => from).sort()).toEqual(
            before.touchedBy.map(({ from }) => from).sort(),
          );
        },
      ),
    );
  });
});
