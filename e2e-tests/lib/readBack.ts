import { join } from 'node:path';
import { resolveDataset } from '@skein/backstage-plugin-dataset-migrations-backend-module-duckdb';
import pg from 'pg';
import { compareFlights } from '../../scripts/demo-run/compareFlights';
import { sourceFile } from '../../scripts/demo-world/source-data.mjs';

/*
 * Reads what was published back, and compares it row for row with the original
 * through the mapping as a person would write it: nothing of the plugin's own
 * checksums, plans or emitters takes part.
 */

/** Rows of flights 2.0.0 that differ from the original, both ways. */
export async function differencesOfFlights(filesRoot: string): Promise<number> {
  const { files } = await resolveDataset(join(filesRoot, 'flights'));
  const { missing, tooMuch } = await compareFlights(
    sourceFile('flights-3m.parquet'),
    files,
  );
  return missing + tooMuch;
}

/** The zip codes before anything happens, kept out of the engine's sight. */
export async function keepZipcodes(warehouse: string): Promise<void> {
  await query(
    warehouse,
    `CREATE SCHEMA kept;
     CREATE TABLE kept.zipcodes AS TABLE public.zipcodes`,
  );
}

const zipcodesAt = {
  '1.0.0': 'SELECT * FROM kept.zipcodes',
  '1.1.0': `SELECT *, 'US' AS country FROM kept.zipcodes`,
};

/** Rows of the table that differ from the kept ones at that version, both ways. */
export async function differencesOfZipcodes(
  warehouse: string,
  version: keyof typeof zipcodesAt,
): Promise<number> {
  const expected = `(${zipcodesAt[version]})`;
  const { rows } = await query(
    warehouse,
    `SELECT count(*)::int AS n FROM (
       (TABLE public.zipcodes EXCEPT ALL ${expected})
       UNION ALL (${expected} EXCEPT ALL TABLE public.zipcodes)) d`,
  );
  return rows[0].n;
}

/** The foreign keys of the routes: where they point, and whether they were checked. */
export async function keysOfRoutes(
  warehouse: string,
): Promise<Array<{ definition: string; checked: boolean }>> {
  const { rows } = await query(
    warehouse,
    `SELECT pg_get_constraintdef(oid) AS definition, convalidated AS checked
     FROM pg_constraint WHERE conrelid = 'public.routes'::regclass AND contype = 'f'
     ORDER BY conname`,
  );
  return rows;
}

async function query(connectionString: string, sql: string) {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
