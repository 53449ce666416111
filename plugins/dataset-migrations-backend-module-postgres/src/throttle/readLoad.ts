import { Warehouse } from '../connection/Warehouse';
import { prepared } from '../connection/prepared';
import { treeOf } from '../table/readPartitions';

/** What a server is busy with, as its statistics views have it. */
export interface Load {
  /** The standby, or subscriber, that is furthest behind, if there is one. */
  standby?: { name: string; secondsBehind: number; bytesBehind: number };
  /**
   * Sessions that wait for a lock of the live table or a partition of it, or of
   * a row.
   */
  lockWaiters: number;
  /** Sessions of clients that run a statement, this one not counted. */
  activeSessions: number;
}

/**
 * Asks for all of it in one query. A role without `pg_read_all_stats` is shown
 * neither the lag nor what other roles' sessions do: both count as nothing then.
 *
 * `replay_lag` is NULL for a standby that has caught up and is idle:
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW
 */
export async function readLoad(
  warehouse: Warehouse,
  options: { live: string; signal: AbortSignal },
): Promise<Load> {
  const [row] = await warehouse.query(
    prepared(`SELECT standby.name, standby.seconds, standby.bytes,
       (SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND relation IN ${treeOf(
         'to_regclass($1)',
       )}
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS waiters,
       (SELECT count(*) FROM pg_stat_activity WHERE state = 'active'
          AND backend_type = 'client backend' AND pid <> pg_backend_pid()) AS active
     FROM (VALUES (1)) AS one LEFT JOIN LATERAL (
       SELECT coalesce(nullif(application_name, ''), client_addr::text, 'without a name') AS name,
         extract(epoch FROM replay_lag)::float8 AS seconds,
         CASE WHEN NOT pg_is_in_recovery() THEN pg_wal_lsn_diff(pg_current_wal_lsn(), replay_lsn) END::float8 AS bytes
       FROM pg_stat_replication WHERE replay_lag IS NOT NULL
       ORDER BY replay_lag DESC LIMIT 1
     ) AS standby ON true`),
    [options.live],
    options,
  );
  return {
    standby:
      row.name === null
        ? undefined
        : {
            name: row.name,
            secondsBehind: row.seconds,
            bytesBehind: row.bytes ?? 0,
          },
    lockWaiters: Number(row.waiters),
    activeSessions: Number(row.active),
  };
}
