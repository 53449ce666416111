import { prepared } from '../connection/prepared';
import { OWN_SESSIONS } from '../connection/sessionSettings';
import { Queryable } from '../table/readTable';

/** A transaction of an application that reads by a snapshot. */
export interface SnapshotHolder {
  pid: number;
  /** The name that it gave its session; perhaps none. */
  application: string;
  /** Since its transaction began. */
  seconds: number;
  /** Tells its snapshot from every later one, of this session too. */
  snapshot: string;
}

/**
 * The transactions of this database that hold a snapshot, and the server's time
 * as text; those of other roles only where the server shows them. An isolation
 * level shows nowhere: between two statements a snapshot is held under
 * REPEATABLE READ and above, or by an open cursor; while a statement runs, it
 * may also be the statement's own. A statement outside of a transaction block
 * has locked the tables that it names, and needs no others.
 *
 * Within one transaction the server shows the same sessions each time.
 *
 * @param options.before - leaves out those that began later
 * @param options.resting - leaves out those that run a statement just now
 */
export async function snapshotHolders(
  session: Queryable,
  options: { before?: string; resting?: boolean } = {},
): Promise<{ time: string; holders: SnapshotHolder[] }> {
  const { before = 'infinity', resting = false } = options;
  const rows = await session.query(
    prepared(`SELECT now.time::text, pid, application_name AS application,
       extract(epoch FROM now.time - xact_start)::float8 AS seconds,
       concat_ws(' ', pid, xact_start, backend_xmin) AS snapshot
     FROM (SELECT clock_timestamp() AS time) AS now LEFT JOIN pg_stat_activity
       ON datname = current_database() AND backend_type = 'client backend'
       AND pid <> pg_backend_pid() AND split_part(application_name, ' ', 1) <> $3
       AND backend_xmin IS NOT NULL AND xact_start <= $1::timestamptz
       AND (state = 'idle in transaction' OR (NOT $2 AND state = 'active' AND query_start > xact_start))
     ORDER BY xact_start`),
    [before, resting, OWN_SESSIONS],
  );
  return {
    time: rows[0].time,
    holders: rows.filter(({ pid }) => pid !== null) as SnapshotHolder[],
  };
}

/** Names a transaction to people, by nothing that it runs. */
export function nameOf({ pid, application, seconds }: SnapshotHolder): string {
  return `a transaction of ${
    application ? `\`${application}\`` : 'an application without a name'
  } (pid ${pid}), open for ${Math.round(seconds)} s`;
}
