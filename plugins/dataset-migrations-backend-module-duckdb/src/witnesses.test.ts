import { readFileSync } from 'fs';
import { mkdtemp, rm } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import { JsonObject } from '@backstage/types';
import {
  CompatibilityRuleId,
  compatibilityRules,
  MigrationStep,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  compareContracts,
  createPlan,
  initPlanning,
  parseContract,
  readYaml,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { makeTables } from './__testUtils__/contractTables';

type Side = JsonObject | JsonObject[];

/** Two versions of a contract, and a reader that the second one breaks. */
interface Witness {
  old: Side;
  new: Side;
  /** Those of the migration document, if the change is one of a step. */
  steps?: MigrationStep[];
  /** Other rules that break, which this reader does not feel. */
  beside?: CompatibilityRuleId[];
  /** Of each object, as SQL behind VALUES. */
  rows: { old: string[]; new: string[] };
  /** A query that tells true of the old rows. */
  reader: string;
  /** What it tells of the new ones: false, or an error of DuckDB. */
  gets: false | string;
}

const witnesses = readYaml(
  readFileSync(path.join(__dirname, '__fixtures__/witnesses.yaml'), 'utf8'),
).value as unknown as Record<CompatibilityRuleId, Witness>;

const breakingRules = Object.entries(compatibilityRules)
  .filter(([, { effect }]) => effect === 'breaking')
  .map(([rule]) => rule as CompatibilityRuleId);

function contractOf(version: string, side: Side): JsonObject {
  return {
    apiVersion: 'v3.1.0',
    kind: 'DataContract',
    id: 'flights',
    version,
    status: 'active',
    ...(Array.isArray(side)
      ? { schema: [{ name: 'flights', properties: side }] }
      : side),
  };
}

/** The rules that break from the first version to the second. */
function brokenBy(from: JsonObject, to: JsonObject, steps?: MigrationStep[]) {
  const [old, next] = [from, to].map(contract => JSON.stringify(contract));
  const { changes } = steps
    ? createPlan({
        from: parseContract(old),
        to: parseContract(next),
        document: {
          kind: 'DatasetMigration',
          from: '1.0.0',
          to: '2.0.0',
          steps,
        },
      })
    : compareContracts(old, next);
  const breaking = changes.filter(({ effect }) => effect === 'breaking');
  return [...new Set(breaking.map(({ rule }) => rule))].sort();
}

describe('breaking rules', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'skein-witnesses-'));
    await initPlanning();
  });

  afterAll(() => rm(folder, { recursive: true }));

  /** What a reader is told of rows that a contract allows. */
  async function read(
    reader: string,
    contract: JsonObject,
    rows: string[],
  ): Promise<unknown> {
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      await makeTables(connection, contract, rows, folder);
      return await answer(connection, reader);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  }

  it('each have a reader that they break', () => {
    expect(Object.keys(witnesses).sort()).toEqual([...breakingRules].sort());
  });

  it.each(breakingRules)('%s breaks a reader', async rule => {
    const { beside = [], gets, reader, rows, steps, ...pair } = witnesses[rule];
    const from = contractOf('1.0.0', pair.old);
    const to = contractOf('2.0.0', pair.new);
    expect(brokenBy(from, to, steps)).toEqual([rule, ...beside].sort());
    await expect(read(reader, from, rows.old)).resolves.toBe(true);
    await expect(read(reader, to, rows.new)).resolves.toBe(gets);
  });

  it.each([
    [{ required: true }, '(NULL)'],
    [{ unique: true }, '(1), (1)'],
    [{ primaryKey: true }, '(1), (1)'],
    [{ logicalTypeOptions: { minimum: 2 } }, '(1)'],
    [{ logicalTypeOptions: { multipleOf: 2 } }, '(1)'],
    [{ physicalType: 'varchar(1)' }, "('12')"],
    [{ physicalType: 'text', logicalTypeOptions: { minLength: 2 } }, "('1')"],
    [{ physicalType: 'text', logicalTypeOptions: { pattern: 'a' } }, "('b')"],
    [
      { physicalType: 'text', logicalTypeOptions: { format: 'email' } },
      "('b')",
    ],
    [
      {
        physicalType: 'text',
        customProperties: [{ property: 'enum', value: ['a'] }],
      },
      "('b')",
    ],
  ])('are shown with rows that keep the contract: %j', async (more, rows) => {
    const property = { name: 'a', physicalType: 'integer', ...more };
    await expect(
      read('SELECT true', contractOf('1.0.0', [property]), [rows]),
    ).rejects.toThrow('Constraint Error');
  });
});

/** The one value that a query gives, or the kind of error that it ends with. */
async function answer(
  connection: DuckDBConnection,
  query: string,
): Promise<unknown> {
  try {
    const [[value]] = (await connection.runAndReadAll(query)).getRows();
    return value;
  } catch (error) {
    return (error as Error).message.split(':')[0];
  }
}
