import { ident, literal } from '../connection/sql';
import { Session } from '../connection/Session';
import { Queryable } from '../table/readTable';

/**
 * Watches a table for writes. The row trigger also fires for the apply worker
 * of a subscription and for `session_replication_role = replica`; TRUNCATE
 * fires no row trigger and has its own.
 *
 * Creating them waits for every transaction that wrote before: whatever commits
 * later is noted.
 *
 * @param table - quoted
 * @param flag - name under which a write is noted; safe in identifiers
 */
export async function watchWrites(
  session: Session,
  table: string,
  flag: string,
): Promise<void> {
  for (const { name, event } of triggersOf(flag)) {
    await session.query(
      `CREATE TRIGGER ${ident(name)} ${event(table)}
       EXECUTE FUNCTION skein.note_write(${literal(flag)})`,
    );
    await session.query(
      `ALTER TABLE ${table} ENABLE ALWAYS TRIGGER ${ident(name)}`,
    );
  }
}

/** Takes the triggers off whichever table has them, and forgets the writes. */
export async function stopWatchingWrites(
  session: Session,
  flag: string,
): Promise<void> {
  const found = await session.query(
    `SELECT t.tgname AS trigger, quote_ident(n.nspname) || '.' || quote_ident(c.relname) AS table
     FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE t.tgname = ANY ($1) AND t.tgfoid = 'skein.note_write()'::regprocedure`,
    [triggersOf(flag).map(({ name }) => name)],
  );
  for (const row of found) {
    await session.query(`DROP TRIGGER ${ident(row.trigger)} ON ${row.table}`);
  }
  await session.query('DELETE FROM skein.writes WHERE flag = $1', [flag]);
}

/** Whether a write to the watched table was committed, or made here. */
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

function triggersOf(flag: string) {
  return [
    {
      name: `skein_${flag}_rows`,
      event: (table: string) =>
        `AFTER INSERT OR UPDATE OR DELETE ON ${table} FOR EACH ROW`,
    },
    {
      name: `skein_${flag}_truncate`,
      event: (table: string) => `AFTER TRUNCATE ON ${table} FOR EACH STATEMENT`,
    },
  ];
}
