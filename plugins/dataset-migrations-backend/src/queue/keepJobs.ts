import pg from 'pg';
import { Db } from 'pg-boss';

interface HeldJob {
  queue: string;
  id: string;
  /** Names the attempt: every claim has another one. */
  retryCount: number;
}

/**
 * Gives a sign of life for jobs that this process runs. The library has a call for
 * those of one queue; its table is written instead, by one statement for all.
 *
 * @returns the ids of those that are still its own
 */
export async function keepJobs(
  db: Db,
  options: { schema: string; jobs: HeldJob[] },
): Promise<Set<string>> {
  const { jobs } = options;
  const schema = pg.escapeIdentifier(options.schema);
  const { rows } = await db.executeSql(
    `UPDATE ${schema}.job SET heartbeat_on = ${schema}.job_now()
     WHERE name = ANY($1::text[]) AND id = ANY($2::uuid[]) AND state = 'active'
       AND id::text || ':' || retry_count = ANY($3::text[])
     RETURNING id`,
    [
      [...new Set(jobs.map(({ queue }) => queue))],
      jobs.map(({ id }) => id),
      jobs.map(({ id, retryCount }) => `${id}:${retryCount}`),
    ],
  );
  return new Set(rows.map(({ id }) => id));
}
