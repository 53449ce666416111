import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { resolveDataset } from '@skein/backstage-plugin-dataset-migrations-backend-module-duckdb';
import pg from 'pg';
import { Column, Version } from '../torture/Material';
import { mixedRows } from '../torture/mixedRows';
import { quoted } from '../torture/rows';
import { PLACE, SmallDataset } from './smallDatasets';

/** Tables made, or read, by one statement. */
const TABLES_PER_STATEMENT = 50;

/**
 * Makes the database with the tables.
 *
 * @param connectionString - of a server on which there is no database `many`
 * @returns its PostgreSQL URL
 */
export async function makeSmallTables(
  connectionString: string,
  datasets: SmallDataset[],
): Promise<string> {
  await withClient(connectionString, admin =>
    admin.query('CREATE DATABASE many'),
  );
  const url = new URL(connectionString);
  url.pathname = '/many';
  await withClient(url.href, async client => {
    await client.query(`CREATE SCHEMA ${PLACE}`);
    for (const tables of slices(tablesOf(datasets))) {
      await client.query(tables.map(tableDefinition).join(';'));
    }
    await client.query('VACUUM ANALYZE');
  });
  return url.href;
}

function tableDefinition(dataset: SmallDataset): string {
  const columns = mixedRows.columns['1.0.0'].map(column).join(', ');
  return `CREATE TABLE ${tableOf(dataset)} (${columns});
    INSERT INTO ${tableOf(dataset)} ${original(dataset)}`;
}

function column({ name, physicalType, primaryKey, required }: Column): string {
  const constraint = primaryKey ? 'PRIMARY KEY' : 'NOT NULL';
  return `${name} ${physicalType} ${required ? constraint : ''}`;
}

/**
 * Makes the folders with the Parquet files.
 *
 * @param root - the folder above that of all of them
 */
export async function makeSmallFiles(
  root: string,
  datasets: SmallDataset[],
): Promise<void> {
  await withDuckDb(async connection => {
    for (const dataset of filesOf(datasets)) {
      const folder = join(root, PLACE, dataset.name);
      mkdirSync(folder, { recursive: true });
      const file = quoted(join(folder, 'rows.parquet'));
      await connection.run(
        `COPY (${original(dataset)}) TO '${file}' (FORMAT parquet)`,
      );
    }
  });
}

/**
 * The datasets that do not hold exactly the rows that they must at a version.
 * What they must be is stated by hand, and nothing of the plugin's own
 * checksums, plans or emitters takes part.
 */
export async function wrongDatasets(options: {
  warehouse: string;
  filesRoot: string;
  datasets: SmallDataset[];
  version: Version;
}): Promise<string[]> {
  const { warehouse, filesRoot, datasets, version } = options;
  const wrong: string[] = [];
  await withClient(warehouse, async client => {
    for (const tables of slices(tablesOf(datasets))) {
      const { rows } = await client.query(
        tables
          .map(table => differenceOf(table, version, tableOf(table)))
          .join(' UNION ALL '),
      );
      wrong.push(...rows.map(row => row.name));
    }
  });
  await withDuckDb(async connection => {
    for (const dataset of filesOf(datasets)) {
      const { files } = await resolveDataset(
        join(filesRoot, PLACE, dataset.name),
      );
      const list = files.map(file => `'${quoted(file)}'`).join(', ');
      const result = await connection.runAndReadAll(
        differenceOf(dataset, version, `read_parquet([${list}])`),
      );
      wrong.push(...result.getRows().map(([name]) => String(name)));
    }
  });
  return wrong;
}

/** A row with the name of the dataset if its rows are not what they must be. */
function differenceOf(
  dataset: SmallDataset,
  version: Version,
  rows: string,
): string {
  const expected =
    version === '1.0.0'
      ? original(dataset)
      : mixedRows.migrated(`(${original(dataset)}) AS v1`);
  const columns = mixedRows.columns[version].map(({ name }) => name).join(', ');
  return `SELECT '${dataset.name}' AS name
    WHERE EXISTS ((SELECT ${columns} FROM ${rows}) EXCEPT ALL (${expected}))
      OR EXISTS ((${expected}) EXCEPT ALL (SELECT ${columns} FROM ${rows}))`;
}

function original(dataset: SmallDataset): string {
  const { from, to } = dataset.series;
  const rows = mixedRows.original(
    dataset.engine === 'postgres'
      ? `generate_series(${from}::bigint, ${to}::bigint) AS s(i)`
      : `range(${from}, ${to + 1}) AS s(i)`,
  );
  return dataset.poisoned ? poison(rows) : rows;
}

function poison(rows: string): string {
  return `SELECT id, name,
      CASE WHEN id = (min(id) OVER ()) THEN 'no number' ELSE amount END AS amount,
      quantity
    FROM (${rows}) AS sound`;
}

function tablesOf(datasets: SmallDataset[]): SmallDataset[] {
  return datasets.filter(({ engine }) => engine === 'postgres');
}

function filesOf(datasets: SmallDataset[]): SmallDataset[] {
  return datasets.filter(({ engine }) => engine === 'duckdb');
}

function tableOf({ name }: SmallDataset): string {
  return `${PLACE}.${pg.escapeIdentifier(name)}`;
}

function slices(tables: SmallDataset[]): SmallDataset[][] {
  return Array.from(
    { length: Math.ceil(tables.length / TABLES_PER_STATEMENT) },
    (_, slice) =>
      tables.slice(
        slice * TABLES_PER_STATEMENT,
        (slice + 1) * TABLES_PER_STATEMENT,
      ),
  );
}

async function withClient(
  connectionString: string,
  work: (client: pg.Client) => Promise<unknown>,
): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}

async function withDuckDb(
  work: (connection: DuckDBConnection) => Promise<unknown>,
): Promise<void> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await work(connection);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
