import { Queryable } from '../table/readTable';
import { prepared } from '../connection/prepared';

/** What the connection's role is not shown of sessions, with what to grant. */
export async function unseenLoad(session: Queryable): Promise<string[]> {
  const [{ role, sees }] = await session.query(
    prepared(
      `SELECT current_user AS role, pg_has_role('pg_read_all_stats', 'USAGE') AS sees`,
    ),
  );
  return sees
    ? []
    : [
        `Copying does not wait for standbys that fall behind, nor for busy sessions of other roles, as the role ${role} is not shown them: GRANT pg_monitor TO ${role}.`,
        `For the same reason the switch does not wait for transactions of other roles under REPEATABLE READ or SERIALIZABLE. One that began before it and first reads the table after it finds the table without its new rows.`,
      ];
}
