import { prepared } from '../connection/prepared';
import { ident, literal, runAll } from '../connection/sql';
import { Session } from '../connection/Session';
import { Queryable } from '../table/readTable';
import { changeLogStatements, KeyColumn, logNames } from './changeLog';

/** How a table is watched for writes. */
export interface Watch {
  /** Quoted. */
  table: string;
  /** All of them, quoted: TRUNCATE of one does not fire what the table has. */
  partitions?: string[];
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
function watchStatements(watch: Watch): string[] {
  const { table, flag, key, once } = watch;
  const note = `skein.note_write(${literal(flag)})`;
  const onRow = key ? `skein.${logNames(flag).function}()` : note;
  const [rows, truncate] = triggersOf(flag).map(ident);
  return [
    ...(key ? changeLogStatements(flag, key, { once: once ?? false }) : []),
    `CREATE TRIGGER ${rows} AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW EXECUTE FUNCTION ${onRow}`,
    `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${rows}`,
    ...tablesOf(watch).flatMap(each => [
      `CREATE TRIGGER ${truncate} AFTER TRUNCATE ON ${each} FOR EACH STATEMENT EXECUTE FUNCTION ${note}`,
      `ALTER TABLE ${each} ENABLE ALWAYS TRIGGER ${truncate}`,
    ]),
  ];
}

function tablesOf({
  table,
  partitions = [],
}: Pick<Watch, 'table' | 'partitions'>) {
  return [table, ...partitions];
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
export function unwatchStatements(
  watch: Pick<Watch, 'table' | 'partitions' | 'flag'>,
): string[] {
  const { table, flag } = watch;
  const [rows, truncate] = triggersOf(flag).map(ident);
  return [
    `DROP TRIGGER IF EXISTS ${rows} ON ${table}`,
    ...tablesOf(watch).map(
      each => `DROP TRIGGER IF EXISTS ${truncate} ON ${each}`,
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
    prepared(`SELECT t.tgname AS trigger, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS table
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_proc p ON p.oid = t.tgfoid
     WHERE t.tgname = ANY ($1) AND t.tgparentid = 0 AND p.pronamespace = 'skein'::regnamespace`),
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
    prepared(
      'SELECT EXISTS (SELECT FROM skein.writes WHERE flag = $1) AS written',
    ),
    [flag],
  );
  return row.written;
}

function triggersOf(flag: string): string[] {
  return [`skein_${flag}_rows`, `skein_${flag}_truncate`];
}
