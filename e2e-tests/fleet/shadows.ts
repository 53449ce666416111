import { globSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import pg from 'pg';
import { Subject } from '../torture/catalog';
import { quoted } from '../torture/rows';
import { TortureWorld } from '../torture/tortureWorld';

/** @see https://www.postgresql.org/docs/18/errcodes-appendix.html */
const UNIQUE_VIOLATION = '23505';

/**
 * A change of rows, in SQL of PostgreSQL and of DuckDB.
 *
 * @param table - the rows, as version 2.0.0 has them
 */
export type Change = (table: string) => string;

/** Changes rows of an unpublished version; gives how many. */
export type ChangeShadow = (
  world: TortureWorld,
  migrationId: string,
  change: Change,
) => Promise<number>;

/**
 * Behind the plugin's back: they find what is not yet published as an intruder
 * would, by looking around, and change it with tools of their own.
 */
export const changeShadow: Record<Subject, ChangeShadow> = {
  table: async ({ warehouse }, _migrationId, change) => {
    const client = new pg.Client({ connectionString: warehouse });
    await client.connect();
    try {
      const { rows } = await client.query(
        `SELECT oid::regclass AS shadow FROM pg_class
         WHERE relname = 'rows' AND relnamespace::regnamespace::text LIKE 'skein\\_%\\_next'`,
      );
      const shadow = only(rows.map(row => row.shadow));
      const run = () => client.query(change(shadow));
      const { rowCount } = await run().catch(async error => {
        if (error.code !== UNIQUE_VIOLATION) throw error;
        await client.query(`ALTER TABLE ${shadow} DROP CONSTRAINT rows_pkey`);
        return run();
      });
      return rowCount ?? 0;
    } finally {
      await client.end();
    }
  },

  files: async ({ filesRoot }, migrationId, change) => {
    const parts = globSync(
      join(filesRoot, `rows/_skein/versions/2.0.0/${migrationId}-*/*.parquet`),
    );
    const instance = await DuckDBInstance.create(':memory:');
    const connection = await instance.connect();
    try {
      let changed = 0;
      for (const part of parts.map(quoted)) {
        await connection.run(
          `CREATE OR REPLACE TABLE part AS SELECT * FROM '${part}'`,
        );
        const { rowsChanged } = await connection.run(change('part'));
        if (rowsChanged > 0) {
          changed += rowsChanged;
          await connection.run(
            `COPY (SELECT * FROM part ORDER BY id) TO '${part}' (FORMAT parquet)`,
          );
        }
      }
      return changed;
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  },
};

function only<T>(found: T[]): T {
  if (found.length !== 1) throw new Error(`one was expected: ${found}`);
  return found[0];
}
