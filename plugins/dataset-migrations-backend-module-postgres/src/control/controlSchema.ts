import { prepared } from '../connection/prepared';
import { runAll } from '../connection/sql';
import { Warehouse } from '../connection/Warehouse';
import { Queryable } from '../table/readTable';

/**
 * Fences, runs, lanes and versions, kept where the data is so that they commit
 * with the rows they speak of. `writes` gets a row from the first write to a
 * watched table that sees none: writers do not wait for each other, as they
 * would for one row that all of them update. What a writer sees may be old, so
 * no flag is ever used again.
 */
const statements = [
  `CREATE SCHEMA IF NOT EXISTS skein`,
  `COMMENT ON SCHEMA skein IS 'Control state of dataset migrations (Skein). Do not edit.'`,
  `CREATE TABLE IF NOT EXISTS skein.fences (
    place text PRIMARY KEY,
    token bigint NOT NULL,
    migration_id text NOT NULL,
    written_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE TABLE IF NOT EXISTS skein.versions (
    place text PRIMARY KEY,
    current_version text NOT NULL,
    coexisting_version text,
    migration_id text NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE TABLE IF NOT EXISTS skein.runs (
    migration_id text PRIMARY KEY,
    place text NOT NULL,
    phase text NOT NULL,
    state jsonb NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now()
  )`,
  `CREATE TABLE IF NOT EXISTS skein.lanes (
    migration_id text NOT NULL REFERENCES skein.runs ON DELETE CASCADE,
    lane int NOT NULL,
    next_block bigint NOT NULL,
    end_block bigint NOT NULL,
    rows_done bigint NOT NULL DEFAULT 0,
    chunks_done bigint NOT NULL DEFAULT 0,
    chunk_blocks bigint,
    PRIMARY KEY (migration_id, lane)
  )`,
  `CREATE TABLE IF NOT EXISTS skein.writes (flag text NOT NULL)`,
  `CREATE OR REPLACE FUNCTION skein.note_write() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    BEGIN
      IF NOT EXISTS (SELECT FROM skein.writes WHERE flag = TG_ARGV[0]) THEN
        INSERT INTO skein.writes (flag) VALUES (TG_ARGV[0]);
      END IF;
      RETURN NULL;
    END $body$`,
  `REVOKE ALL ON FUNCTION skein.note_write() FROM PUBLIC`,
];

/** What came later, for control schemas that an earlier release made. */
const upgrades = [
  `ALTER TABLE skein.lanes ADD COLUMN IF NOT EXISTS chunk_blocks bigint`,
];

/** What there is of the control schema, which another role may have made. */
export interface ControlSchema {
  exists: boolean;
  usable: boolean;
  owner?: string;
}

/** Yields a {@link ControlSchema}, or no row, which is {@link noControlSchema}. */
// The function is the last that is made, in the transaction that makes all.
export const controlSchemaSql = `SELECT pg_get_userbyid(n.nspowner) AS owner, pg_has_role(n.nspowner, 'USAGE') AS usable,
     EXISTS (SELECT FROM pg_proc p WHERE p.pronamespace = n.oid AND p.proname = 'note_write') AS exists
   FROM pg_namespace n WHERE n.nspname = 'skein'`;

export const noControlSchema: ControlSchema = { exists: false, usable: true };

/** Any constant: serialises the creation among workers that start together. */
const ADVISORY_LOCK = 7_305_842_161;

/** Databases in which it was seen as this release makes it; it is never dropped. */
const upToDate = new WeakSet<object>();

/** Databases in which it was seen, and may be used. */
const usable = new WeakSet<object>();

/**
 * Creates the control schema where it is missing, and brings an older one up to
 * date; races are harmless.
 */
export async function ensureControlSchema(warehouse: Warehouse): Promise<void> {
  if (upToDate.has(warehouse.database)) {
    return;
  }
  if (!(await hasControlSchema(warehouse))) {
    await runOnce(warehouse, statements);
  } else if (!(await isUpToDate(warehouse))) {
    await runOnce(warehouse, upgrades);
  }
  upToDate.add(warehouse.database);
}

async function runOnce(warehouse: Warehouse, wanted: string[]): Promise<void> {
  await warehouse.transaction({}, async session => {
    await session.query('SELECT pg_advisory_xact_lock($1)', [ADVISORY_LOCK]);
    await runAll(session, wanted);
  });
}

/** Altering a table waits for whoever uses it, so it is asked first. */
async function isUpToDate(session: Queryable): Promise<boolean> {
  const columns = await session.query(
    prepared(`SELECT FROM pg_attribute
     WHERE attrelid = to_regclass('skein.lanes') AND attname = 'chunk_blocks' AND NOT attisdropped`),
  );
  return columns.length > 0;
}

/** Whether the control schema is there and this role may use it. */
export async function hasControlSchema(session: Queryable): Promise<boolean> {
  const { database } = session;
  if (database && usable.has(database)) {
    return true;
  }
  const found = await findControlSchema(session);
  const has = found.exists && found.usable;
  if (database && has) {
    usable.add(database);
  }
  return has;
}

/** Looks for the control schema. */
async function findControlSchema(session: Queryable): Promise<ControlSchema> {
  const [row = noControlSchema] = await session.query(
    prepared(controlSchemaSql),
  );
  return row as ControlSchema;
}
