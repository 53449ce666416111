import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { Column, Material, Version } from './Material';

/** Makes the database with the table, and what it must become. */
export async function makeTable(
  connectionString: string,
  { rows, columns, original, migrated }: Material,
): Promise<string> {
  const admin = new pg.Client({ connectionString });
  await admin.connect();
  await admin.query('CREATE DATABASE torture');
  await admin.end();
  const url = new URL(connectionString);
  url.pathname = '/torture';
  const client = new pg.Client({ connectionString: url.href });
  await client.connect();
  await client.query(`
    CREATE TABLE public.rows (${columns['1.0.0'].map(definition).join(', ')});
    INSERT INTO public.rows ${original(
      `generate_series(1, ${rows.table}::bigint) AS s(i)`,
    )};
    CREATE SCHEMA expected;
    CREATE TABLE expected.v1 AS SELECT * FROM public.rows;
    CREATE TABLE expected.v2 AS ${migrated('public.rows')};
  `);
  await client.query('VACUUM ANALYZE');
  await client.end();
  return url.href;
}

function definition(column: Column): string {
  const constraint = column.primaryKey ? 'PRIMARY KEY' : 'NOT NULL';
  return [
    column.name,
    column.physicalType,
    ...(column.required ? [constraint] : []),
  ].join(' ');
}

/** Makes the folder with the Parquet files; gives the root above it. */
export async function makeFiles(
  dir: string,
  { rows, original, migrated }: Material,
): Promise<string> {
  const root = join(dir, 'files');
  const folder = join(root, 'rows');
  mkdirSync(folder, { recursive: true });
  mkdirSync(join(dir, 'expected'), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const write = (query: string, file: string) =>
    connection.run(`COPY (${query}) TO '${quoted(file)}' (FORMAT parquet)`);
  const half = Math.floor(rows.files / 2);
  const series = (from: number, to: number) =>
    original(`range(${from}, ${to + 1}) AS s(i)`);
  await write(series(1, half), join(folder, 'rows-1.parquet'));
  await write(series(half + 1, rows.files), join(folder, 'rows-2.parquet'));
  const all = `'${quoted(join(folder, 'rows-*.parquet'))}'`;
  await write(`SELECT * FROM ${all}`, expectedFile(dir, '1.0.0'));
  await write(migrated(all), expectedFile(dir, '2.0.0'));
  connection.closeSync();
  instance.closeSync();
  return root;
}

export function expectedFile(dir: string, version: Version): string {
  return join(dir, 'expected', `${version}.parquet`);
}

/** For paths of our own in DuckDB's literals. */
export function quoted(path: string): string {
  return path.replaceAll("'", "''");
}
