import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';

/** Rows of each subject: enough for many chunks, few enough for many rounds. */
const ROWS: Readonly<Record<'table' | 'files', number>> = {
  table: 200_000,
  files: 500_000,
};

/*
 * The rows, in SQL that PostgreSQL and DuckDB both understand: NULLs, empty
 * strings, text outside ASCII, negative numbers, gaps in the key.
 */
const rowsFrom = (series: string) => `
  SELECT i * 3 AS id,
    CASE WHEN i % 17 = 0 THEN NULL WHEN i % 13 = 0 THEN ''
         WHEN i % 11 = 0 THEN 'žluťoučký ' || i ELSE 'row ' || i % 1000 END AS name,
    CASE WHEN i % 19 = 0 THEN NULL
         ELSE (i % 2000 - 1000) || '.' || (10 + i % 90) END AS amount,
    i * 7 % 101 AS quantity
  FROM ${series}`;

/*
 * What version 2.0.0 must be, written by hand and not by the planner: an
 * independent statement of the same mapping.
 */
const migrated = (source: string) => `
  SELECT id, name AS label, CAST(amount AS numeric(12,2)) AS amount, quantity,
    upper(CASE WHEN name IS NULL THEN 'none' ELSE name END) || '-' || CAST(id AS text) AS code
  FROM ${source}`;

/** Makes the database with the table, and what it must become. */
export async function makeTable(connectionString: string): Promise<string> {
  const admin = new pg.Client({ connectionString });
  await admin.connect();
  await admin.query('CREATE DATABASE torture');
  await admin.end();
  const url = new URL(connectionString);
  url.pathname = '/torture';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`
    CREATE TABLE public.rows (id bigint PRIMARY KEY, name text, amount text, quantity bigint NOT NULL);
    INSERT INTO public.rows ${rowsFrom(
      `generate_series(1, ${ROWS.table}::bigint) AS s(i)`,
    )};
    CREATE SCHEMA expected;
    CREATE TABLE expected.v1 AS SELECT * FROM public.rows;
    CREATE TABLE expected.v2 AS ${migrated('public.rows')};
  `);
  await client.query('VACUUM ANALYZE');
  await client.end();
  return url.href;
}

/** Makes the folder with the Parquet file; gives the root above it. */
export async function makeFiles(dir: string): Promise<string> {
  const root = join(dir, 'files');
  mkdirSync(join(root, 'rows'), { recursive: true });
  mkdirSync(join(dir, 'expected'), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const first = join(root, 'rows', 'rows.parquet');
  await connection.run(
    `COPY (${rowsFrom(`range(1, ${ROWS.files + 1}) AS s(i)`)}) TO '${quoted(
      first,
    )}' (FORMAT parquet)`,
  );
  await connection.run(
    `COPY (SELECT * FROM '${quoted(first)}') TO '${quoted(
      expectedFile(dir, '1.0.0'),
    )}' (FORMAT parquet)`,
  );
  await connection.run(
    `COPY (${migrated(`'${quoted(first)}'`)}) TO '${quoted(
      expectedFile(dir, '2.0.0'),
    )}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  return root;
}

export function expectedFile(dir: string, version: string): string {
  return join(dir, 'expected', `${version}.parquet`);
}

/** For paths of our own in DuckDB's literals. */
export function quoted(path: string): string {
  return path.replaceAll("'", "''");
}
