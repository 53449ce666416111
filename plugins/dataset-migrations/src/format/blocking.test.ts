import {
  ConsumerVerdict,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { coveredRefs, formatBlocking } from './blocking';

const consumer = (
  verdict: ConsumerVerdict['verdict'],
  blocking = verdict !== 'ready',
) => ({ verdict, blocking } as ConsumerVerdict);

it.each([
  ['1 consumer would break', ['ready', 'breaks']],
  ['2 consumers might break', ['unknown', 'unknown', 'ready']],
  ['2 consumers would or might break', ['breaks', 'unknown']],
] as const)('says that %s', (text, verdicts) => {
  expect(formatBlocking(verdicts.map(verdict => consumer(verdict)))).toBe(text);
});

it('leaves out those who do not block', () => {
  expect(formatBlocking([consumer('breaks'), consumer('unknown', false)])).toBe(
    '1 consumer would break',
  );
});

it('takes an override of which an older portal does not say whom it covers', () => {
  const override = { by: 'user:default/amelia', reason: 'urgent', at: '' };
  expect(coveredRefs({ override: override as Migration['override'] })).toEqual(
    [],
  );
});
