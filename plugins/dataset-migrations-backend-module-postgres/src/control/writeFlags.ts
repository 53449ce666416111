import { ident, literal, runAll } from '../connection/sql';
import { Session } from '../connection/Session';
import { Queryable } from '../table/readTable';
import { changeLogStatements, KeyColumn, logNames } from './changeLog';

/** How a table is watched for writes. */
export interface Watch {
  /** Quoted. */
  table: string;
  /** Name under which a write is noted; safe in identifiers. */
  flag: string;
  /**
   * Columns whose values tell rows apart: the keys of written rows are logged.
   * Without them all that is noted of a write is that there was one.
   */
  key?: ReadonlyArray<KeyColumn>;
  /**
   * Logs a key once, however often its row is written: for a log that is read
   * late or never. It costs a look into the log for each row that is written.
   */
  once?: boolean;
}

/**
 * Watches a table for writes. The row trigger also fires for the apply worker
 * of a subscription and for `session_replication_role = replica`; TRUNCATE
 * fires no row trigger and has its own, which sets the flag.
 *
 * Creating them waits for every transaction that wrote before: whatever commits
 * later is noted.
 */
export async function watchWrites(
  session: Session,
  watch: Watch,
): Promise<void> {
  await runAll(session, watchStatements(watch));
}

/** The statements of {@link watchWrites}; the last ones create the triggers. */
function watchStatements({ table, flag, key, once }: Watch): string[] {
  const note = `skein.note_write(${literal(flag)})`;
  const onRow = key ? `skein.${logNames(flag).function}()` : note;
  const [rows, truncate] = triggersOf(flag).map(ident);
  return [
    ...(key ? changeLogStatements(flag, key, { once: once ?? false }) : []),
    `CREATE TRIGGER ${rows} AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${onRow}`,
    `CREATE TRIGGER ${truncate} AFTER TRUNCATE ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION ${note}`,
    `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${rows}, ENABLE ALWAYS TRIGGER ${truncate}`,
  ];
}

/** The statements that forget what was noted so far. */
export function forgetStatements({
  flag,
  key,
}: Pick<Watch, 'flag' | 'key'>): string[] {
  return [
    `DELETE FROM skein.writes WHERE flag = ${literal(flag)}`,
    ...(key ? [`DELETE FROM skein.${logNames(flag).table}`] : []),
  ];
}

/** The statements that end {@link watchWrites} of a table that is known. */
export function unwatchStatements({
  table,
  flag,
}: Pick<Watch, 'table' | 'flag'>): string[] {
  return [
    ...triggersOf(flag).map(
      trigger => `DROP TRIGGER IF EXISTS ${ident(trigger)} ON ${table}`,
    ),
    ...discardStatements(flag),
  ];
}

/** Once no trigger notes anything any more. */
function discardStatements(flag: string): string[] {
  const log = logNames(flag);
  return [
    `DROP FUNCTION IF EXISTS skein.${log.function}()`,
    `DROP TABLE IF EXISTS skein.${log.table}`,
    ...forgetStatements({ flag }),
  ];
}

/** Takes the triggers off whichever table has them, and forgets the writes. */
export async function stopWatchingWrites(
  session: Session,
  flag: string,
): Promise<void> {
  const found = await session.query(
    `SELECT t.tgname AS trigger, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS table
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE t.tgname = ANY ($1) AND p.pronamespace = 'skein'::regnamespace`,
    [triggersOf(flag)],
  );
  await runAll(session, [
    ...found.map(row => `DROP TRIGGER ${ident(row.trigger)} ON ${row.table}`),
    ...discardStatements(flag),
  ]);
}

/**
 * Whether a write to the watched table was committed, or made here; with a log
 * of keys, whether a TRUNCATE was.
 */
export async function wasWritten(
  session: Queryable,
  flag: string,
): Promise<boolean> {
  const [row] = await session.query(
    'SELECT EXISTS (SELECT FROM skein.writes WHERE flag = $1) AS written',
    [flag],
  );
  return row.written;
}

function triggersOf(flag: string): string[] {
  return [`skein_${flag}_rows`, `skein_${flag}_truncate`];
}
