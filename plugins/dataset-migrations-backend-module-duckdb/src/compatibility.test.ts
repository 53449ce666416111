import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import {
  Change,
  ChangeEffect,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { compareContracts } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import fc from 'fast-check';
import { arbitraryPair, Table } from './__testUtils__/contractPairs';
import { generatedContract } from './__testUtils__/generatedContract';
import { readerOf, rowsOf } from './__testUtils__/tableReader';

const PAIRS = 2_000;

/** The same pairs every time: which rules are felt by themselves is left to them. */
const SEED = 20261129;

/** Breaking rules that the reader always feels, whatever the rows are. */
const ALWAYS_FELT = new Set([
  'field-removed',
  'field-renamed',
  'field-moved',
  'type-replaced',
  'type-narrowed',
  'object-removed',
  'object-renamed',
  'required-removed',
  'enum-removed',
  'enum-value-added',
  'range-loosened',
]);

/** Those that it feels in some rows; rarer ones would leave it to chance. */
const SOMETIMES_FELT = [
  'unique-removed',
  'key-removed',
  'pattern-changed',
  'pattern-removed',
  'format-changed',
  'format-removed',
  'size-loosened',
];

/** Risks that it meets in some rows, of those that it may. */
const RISKS_MET = ['length-raised', 'quality-loosened', 'quality-removed'];

/** Of what is compatible, all that contracts are given here. */
const HARMLESS = [
  'enum-added',
  'field-added',
  'fields-reordered',
  'format-added',
  'key-added',
  'key-kept',
  'object-added',
  'pattern-added',
  'quality-added',
  'quality-tightened',
  'range-tightened',
  'required-added',
  'size-tightened',
  'type-widened',
  'unique-added',
];

/** Risks, and what a reader finds that relies on what they are a risk for. */
const FELT_AS: Record<string, string> = {
  'length-raised': 'length',
  'quality-loosened': 'nulls',
  'quality-removed': 'nulls',
};

/** Whether the verdict on changes fits what the reader found wrong. */
function isTrue(changes: Change[], wrong: string[]): boolean {
  const felt = wrong.filter(
    what => !changes.some(({ rule }) => FELT_AS[rule!] === what.split(' ')[0]),
  );
  const breaking = rulesOf(changes, 'breaking');
  return breaking.length === 0
    ? felt.length === 0
    : felt.length > 0 || !breaking.some(rule => ALWAYS_FELT.has(rule));
}

function rulesOf(changes: Change[], grade: ChangeEffect): string[] {
  return changes
    .filter(({ effect }) => effect === grade)
    .map(({ rule }) => rule!);
}

describe('verdicts on generated contracts and rows', () => {
  let connection: DuckDBConnection;

  beforeAll(async () => {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    connection = await instance.connect();
  });

  afterAll(() => connection.closeSync());

  /** What a reader of one contract finds wrong in rows of another. */
  async function read(reader: Table, written: Table): Promise<string[]> {
    const rows = rowsOf(written, reader);
    try {
      const found = await connection.runAndReadAll(
        readerOf(reader, written, rows),
      );
      const [broken] = found.getRowObjects();
      return Object.keys(broken).filter(what => broken[what] === true);
    } catch (error) {
      // The rows are there, whatever the reader makes of them.
      await connection.run(rows);
      return [`refused: ${(error as Error).message}`];
    }
  }

  it('break a reader of every breaking rule it can feel, and none else', async () => {
    const felt = new Set<string>();
    const met = new Set<string>();
    const harmless = new Set<string>();
    let quiet = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryPair, async ({ from, to }) => {
        expect(await read(from, from)).toEqual([]);
        const { changes } = compareContracts(
          generatedContract(from),
          generatedContract(to),
        );
        const wrong = await read(from, to);
        const breaking = rulesOf(changes, 'breaking');
        const risky = rulesOf(changes, 'risky');
        expect({
          breaking,
          risky,
          wrong,
          isTrue: isTrue(changes, wrong),
        }).toEqual({ breaking, risky, wrong, isTrue: true });
        if (breaking.length === 0) {
          quiet += 1;
          rulesOf(changes, 'compatible').forEach(rule => harmless.add(rule));
          if (wrong.length > 0) {
            risky.forEach(rule => met.add(rule));
          }
        } else if (wrong.length > 0 && new Set(breaking).size === 1) {
          felt.add(breaking[0]);
        }
      }),
      { numRuns: PAIRS, seed: SEED },
    );
    expect(quiet).toBeGreaterThan(PAIRS / 20);
    const notSeen = (wanted: string[], seen: Set<string>) =>
      wanted.filter(rule => !seen.has(rule));
    expect({
      felt: notSeen([...ALWAYS_FELT, ...SOMETIMES_FELT], felt),
      met: notSeen(RISKS_MET, met),
      harmless: notSeen(HARMLESS, harmless),
    }).toEqual({ felt: [], met: [], harmless: [] });
  }, 900_000);
});
