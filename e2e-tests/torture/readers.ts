import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { resolveDataset } from '@skein/backstage-plugin-dataset-migrations-backend-module-duckdb';
import pg from 'pg';
import { Subject } from './catalog';
import { Version } from './Material';
import { expectedFile, quoted } from './rows';

/** What one read saw, as one value: columns, number of rows, digest of all rows. */
type Sight = string;

/**
 * Reads a dataset as its consumers do, by its name, in one go; and knows, from
 * tables that no engine ever touched, what it may see.
 */
export interface Reader {
  subject: Subject;
  /** What a read sees of a whole version. */
  whole: Readonly<Record<Version, Sight>>;
  read(): Promise<Sight>;
  /**
   * Rows by which what is published differs from the version, both ways,
   * counted by an exact comparison.
   */
  differences(version: Version): Promise<number>;
  close(): Promise<void>;
}

const tables = { '1.0.0': 'expected.v1', '2.0.0': 'expected.v2' } as const;

export async function tableReader(connectionString: string): Promise<Reader> {
  const pool = new pg.Pool({ connectionString, max: 2 });
  pool.on('error', () => {}); // The server is killed under it on purpose.
  const look = async (table: string): Promise<Sight> => {
    const { rows } = await pool.query(`
      SELECT count(*) || ' rows, digest ' || coalesce(sum(hashtextextended(t::text, 7)), 0)
        || ', ' || (SELECT string_agg(a.attname, ',' ORDER BY a.attnum) FROM pg_attribute a
            WHERE a.attrelid = '${table}'::regclass AND a.attnum > 0 AND NOT a.attisdropped) AS sight
      FROM ${table} t`);
    return rows[0].sight;
  };
  return {
    subject: 'table',
    whole: {
      '1.0.0': await look(tables['1.0.0']),
      '2.0.0': await look(tables['2.0.0']),
    },
    read: () => look('public.rows'),
    async differences(version) {
      const expected = tables[version];
      const { rows } = await pool.query(`
        SELECT count(*)::int AS n FROM (
          (TABLE public.rows EXCEPT ALL TABLE ${expected})
          UNION ALL (TABLE ${expected} EXCEPT ALL TABLE public.rows)) d`);
      return rows[0].n;
    },
    close: () => pool.end(),
  };
}

export async function filesReader(dir: string, root: string): Promise<Reader> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const folder = join(root, 'rows');
  const current = async () => parquet((await resolveDataset(folder)).files);
  return {
    subject: 'files',
    whole: {
      '1.0.0': await see(connection, parquet([expectedFile(dir, '1.0.0')])),
      '2.0.0': await see(connection, parquet([expectedFile(dir, '2.0.0')])),
    },
    read: async () => see(connection, await current()),
    async differences(version) {
      const now = await current();
      const expected = parquet([expectedFile(dir, version)]);
      return Number(
        await value(
          connection,
          `SELECT count(*) FROM (
            (FROM ${now} EXCEPT ALL FROM ${expected})
            UNION ALL (FROM ${expected} EXCEPT ALL FROM ${now}))`,
        ),
      );
    },
    async close() {
      connection.closeSync();
      instance.closeSync();
    },
  };
}

function parquet(files: string[]): string {
  return `read_parquet([${files.map(file => `'${quoted(file)}'`).join(', ')}])`;
}

async function see(
  connection: DuckDBConnection,
  source: string,
): Promise<Sight> {
  const columns = await connection.runAndReadAll(`DESCRIBE FROM ${source}`);
  const names = columns.getRows().map(([name]) => name);
  return value(
    connection,
    `SELECT count(*) || ' rows, digest ' || coalesce(sum(hash(t)::hugeint), 0) || ', ${names.join(
      ',',
    )}' FROM ${source} t`,
  );
}

async function value(
  connection: DuckDBConnection,
  sql: string,
): Promise<string> {
  const result = await connection.runAndReadAll(sql);
  return String(result.getRows()[0][0]);
}

/**
 * Reads again and again until told to stop, and notes everything that is not
 * one whole version (G2), or not one of `versions`. A read that fails is a gap,
 * unless `mayFail` says that the server itself is down at that moment.
 */
export function watch(
  reader: Reader,
  mayFail: () => boolean,
  versions: Version[] = ['1.0.0', '2.0.0'],
) {
  const wrong: string[] = [];
  let reads = 0;
  let stopped = false;
  const allowed = new Set(versions.map(version => reader.whole[version]));
  const done = (async () => {
    while (!stopped) {
      const excused = mayFail();
      const begun = performance.now();
      try {
        const sight = await reader.read();
        reads++;
        if (!allowed.has(sight)) wrong.push(`a reader saw ${sight}`);
      } catch (error) {
        if (!excused && !mayFail()) wrong.push(`a reader failed: ${error}`);
      }
      // Most of the time is theirs who migrate: to read takes a whole core.
      await delay(9 * (performance.now() - begun));
    }
  })();
  return {
    async stop() {
      stopped = true;
      await done;
      return { reads, wrong };
    },
  };
}
