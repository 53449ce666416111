import { readFileSync } from 'fs';
import { resolve } from 'path';
import { compareContracts } from './compareContracts';

/** A pair of contracts, and what its source expects of it. */
interface Case {
  id: string;
  old: string;
  new: string;
  expected: 'breaking' | 'compatible';
}

const cases: Case[] = JSON.parse(
  readFileSync(
    resolve(__dirname, '__fixtures__/contract-changes/cases.json'),
    'utf8',
  ),
);

/** As `npm run corpora` counts: a risk alone breaks nobody for certain. */
function verdictOf(pair: Case): string {
  return compareContracts(pair.old, pair.new).effect === 'breaking'
    ? 'breaking'
    : 'compatible';
}

describe('compareContracts, on the public cases', () => {
  const right: string[] = [];

  afterAll(() => {
    process.stdout.write(
      `contract changes: ${right.length} of ${cases.length} verdicts right\n`,
    );
  });

  it.each(cases.map(pair => [pair.id, pair] as const))('%s', (id, pair) => {
    expect(verdictOf(pair)).toBe(pair.expected);
    right.push(id);
  });
});
