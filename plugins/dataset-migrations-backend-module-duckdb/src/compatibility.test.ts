import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { JsonObject } from '@backstage/types';
import { compareContracts } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import fc from 'fast-check';
import { arbitraryPair, Column, Table } from './__testUtils__/contractPairs';
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
]);

/** Those that it feels in some rows; rarer ones would leave it to chance. */
const SOMETIMES_FELT = [
  'required-removed',
  'unique-removed',
  'key-removed',
  'enum-removed',
  'enum-value-added',
  'range-loosened',
];

function propertyOf(column: Column, key: string[] = []): JsonObject {
  const { name, id, type, required, unique, minimum, maximum } = column;
  return {
    name,
    id,
    physicalType: type,
    required,
    unique,
    ...(key.includes(name) && {
      primaryKey: true,
      primaryKeyPosition: key.indexOf(name) + 1,
    }),
    logicalTypeOptions: {
      ...(minimum !== undefined && { minimum }),
      ...(maximum !== undefined && { maximum }),
    },
    ...(column.enum && {
      customProperties: [{ property: 'enum', value: column.enum }],
    }),
  };
}

/** A contract in JSON, which is YAML, too. */
function contractOf({ columns, inside, key }: Table): string {
  return JSON.stringify({
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: 'generated',
    version: '1.0.0',
    status: 'active',
    schema: [
      {
        name: 't',
        properties: [
          ...columns.map(column => propertyOf(column, key)),
          ...(inside.length > 0
            ? [
                {
                  name: 's',
                  logicalType: 'object',
                  properties: inside.map(column => propertyOf(column)),
                },
              ]
            : []),
        ],
      },
    ],
  });
}

/** Whether a verdict fits what the reader found wrong. */
function isTrue(breaking: string[], wrong: string[]): boolean {
  return breaking.length === 0
    ? wrong.length === 0
    : wrong.length > 0 || !breaking.some(rule => ALWAYS_FELT.has(rule));
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
    const rows = rowsOf(written);
    try {
      const found = await connection.runAndReadAll(readerOf(reader, rows));
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
    let quiet = 0;
    await fc.assert(
      fc.asyncProperty(arbitraryPair, async ({ from, to }) => {
        expect(await read(from, from)).toEqual([]);
        const { changes } = compareContracts(contractOf(from), contractOf(to));
        const breaking = changes
          .filter(({ effect }) => effect === 'breaking')
          .map(({ rule }) => rule!);
        const wrong = await read(from, to);
        if (breaking.length === 0) {
          quiet += 1;
        }
        expect({ breaking, wrong, isTrue: isTrue(breaking, wrong) }).toEqual({
          breaking,
          wrong,
          isTrue: true,
        });
        if (wrong.length > 0 && new Set(breaking).size === 1) {
          felt.add(breaking[0]);
        }
      }),
      { numRuns: PAIRS, seed: SEED },
    );
    expect(quiet).toBeGreaterThan(PAIRS / 20);
    expect([...felt]).toEqual(expect.arrayContaining(SOMETIMES_FELT));
  }, 900_000);
});
