import pg from 'pg';
import { eventually } from '../../../scripts/lib/eventually';

/** The application name of the harness, which is never cut off on purpose. */
export const HARNESS = 'torture';

const QUEUE = 'dataset_migrations_boss';

/** What the plugin wrote of one dataset of a campaign. */
export interface DatasetOutcome {
  datasetRef: string;
  state: string;
  reason: string | null;
  /** Migrations of the campaign for it, and how many of them succeeded. */
  migrations: number;
  succeeded: number;
}

/**
 * Looks into the plugin's own database, as no API tells all of this. It asks
 * until PostgreSQL answers.
 */
export class ControlPlane {
  readonly #pool: pg.Pool;

  /** @param connectionString - of any database of the server */
  constructor(connectionString: string) {
    const url = new URL(connectionString);
    url.pathname = '/backstage_plugin_dataset-migrations';
    url.searchParams.set('application_name', HARNESS);
    this.#pool = new pg.Pool({
      connectionString: url.href,
      max: 4,
      connectionTimeoutMillis: 5_000,
    });
    this.#pool.on('error', () => {});
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  outcomes(campaignId: string): Promise<DatasetOutcome[]> {
    return this.#rows(
      `SELECT d.dataset_ref AS "datasetRef", d.state, d.reason,
         count(m.id)::int AS migrations,
         count(m.id) FILTER (WHERE m.state = 'succeeded')::int AS succeeded
       FROM campaign_datasets AS d
       LEFT JOIN migrations AS m
         ON m.campaign_id = d.campaign_id AND m.dataset_ref = d.dataset_ref
       WHERE d.campaign_id = $1
       GROUP BY d.campaign_id, d.dataset_ref
       ORDER BY d.position`,
      [campaignId],
    );
  }

  /** How many migrations of a campaign are in each state. */
  async migrationStates(campaignId: string): Promise<Record<string, number>> {
    const rows = await this.#rows<{ state: string; count: number }>(
      `SELECT state, count(*)::int AS count FROM migrations
       WHERE campaign_id = $1 GROUP BY state`,
      [campaignId],
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  }

  async succeededMigrations(campaignId: string): Promise<string[]> {
    const rows = await this.#rows<{ id: string }>(
      `SELECT id FROM migrations WHERE campaign_id = $1 AND state = 'succeeded'`,
      [campaignId],
    );
    return rows.map(({ id }) => id);
  }

  /** What must be gone when nothing is to do: each as a sentence. */
  async remains(): Promise<string[]> {
    const rows = await this.#rows<{ what: string }>(
      `SELECT 'migration ' || id || ' of ' || dataset_ref || ' is still ' || state AS what
         FROM migrations
         WHERE state IN ('queued', 'running', 'blocked', 'cancelling', 'rolling-back')
       UNION ALL
       SELECT 'the lease of ' || location_key || ' is held by ' || coalesce(holder, 'nobody')
         FROM leases WHERE migration_id IS NOT NULL
       UNION ALL
       SELECT 'job ' || id || ' of ' || name || ' is still ' || state
         || ': ' || coalesce(data::text, '')
         FROM ${QUEUE}.job
         WHERE state IN ('created', 'retry', 'active')
           AND name IN (SELECT name FROM ${QUEUE}.queue)
       UNION ALL
       SELECT 'the retries of job ' || id || ' of ' || name || ' were used up: '
         || coalesce(output::text, '')
         FROM ${QUEUE}.job
         WHERE state = 'failed' AND name IN (SELECT name FROM ${QUEUE}.queue)`,
    );
    return rows.map(({ what }) => what);
  }

  /** Keys of the jobs that a process holds, as far as they hold a lease. */
  async keysHeldBy(pid: number): Promise<string[]> {
    const rows = await this.#rows<{ key: string }>(
      `SELECT DISTINCT job.singleton_key AS key
       FROM leases
       JOIN migrations ON migrations.id = leases.migration_id
       JOIN ${QUEUE}.job AS job
         ON job.singleton_key = 'dataset:' || migrations.dataset_ref AND job.state = 'active'
       WHERE leases.holder LIKE '%:' || $1::int || ':%'`,
      [pid],
    );
    return rows.map(({ key }) => key);
  }

  /**
   * When a job of that key was first taken after a moment, and whether one still
   * waits or runs.
   */
  async takenAfter(
    key: string,
    after: Date,
  ): Promise<{ at: Date | null; live: boolean }> {
    const [row] = await this.#rows<{ at: Date | null; live: boolean }>(
      `SELECT min(started_on) FILTER (WHERE started_on > $2) AS at,
         coalesce(bool_or(state IN ('created', 'retry', 'active')), false) AS live
       FROM ${QUEUE}.job WHERE singleton_key = $1`,
      [key, after],
    );
    return row;
  }

  /** When the first job was taken or ended after a moment. */
  async firstWork(after: Date): Promise<Date | undefined> {
    const [{ at }] = await this.#rows<{ at: Date | null }>(
      `SELECT least(
         min(started_on) FILTER (WHERE started_on > $1),
         min(completed_on) FILTER (WHERE completed_on > $1)
       ) AS at FROM ${QUEUE}.job WHERE name NOT LIKE '\\_\\_%'`,
      [after],
    );
    return at ?? undefined;
  }

  /** Jobs that could run now. */
  async jobsToDo(): Promise<number> {
    const [{ count }] = await this.#rows<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${QUEUE}.job
       WHERE state IN ('created', 'retry', 'active')
         AND name IN (SELECT name FROM ${QUEUE}.queue)`,
    );
    return count;
  }

  /** The application name of whoever starts migrations of campaigns right now. */
  async dispatcher(): Promise<string | undefined> {
    const [row] = await this.#rows<{ name: string }>(
      `SELECT activity.application_name AS name
       FROM pg_locks AS lock JOIN pg_stat_activity AS activity USING (pid)
       WHERE lock.locktype = 'advisory' AND lock.granted
         AND (lock.classid::bigint << 32) | lock.objid::bigint
           = hashtextextended('dataset-migrations:campaigns:dispatch', 0)`,
    );
    return row?.name;
  }

  /** Cuts connections of others, each with a probability; says how many. */
  async cut(share: number): Promise<number> {
    const rows = await this.#rows(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE backend_type = 'client backend'
         AND application_name <> $1 AND random() < $2`,
      [HARNESS, share],
    );
    return rows.length;
  }

  /** Makes a running migration of a campaign as old as so many minutes. */
  async age(
    campaignId: string,
    datasetRef: string,
    minutes: number,
  ): Promise<void> {
    await this.#rows(
      `WITH aged AS (
         UPDATE campaign_datasets SET started_at = now() - $3 * interval '1 minute'
         WHERE campaign_id = $1 AND dataset_ref = $2 AND state = 'active'
         RETURNING migration_id, started_at
       )
       UPDATE migrations SET started_at = aged.started_at
       FROM aged WHERE id = migration_id AND migrations.started_at IS NOT NULL`,
      [campaignId, datasetRef, minutes],
    );
  }

  async #rows<Row extends pg.QueryResultRow>(
    sql: string,
    values: unknown[] = [],
  ): Promise<Row[]> {
    const { rows } = await eventually(
      'the database of the plugin answers',
      () => this.#pool.query<Row>(sql, values),
      60,
    );
    return rows;
  }
}
