import { Knex } from 'knex';
import pg from 'pg';
import { Db } from 'pg-boss';
import { DEAD_QUEUE, EARLIER_QUEUE, queueName } from './names';
import { QueueStats } from './types';

// The library's tables are read directly, as it has neither: the library is
// pinned, and the queue's tests read these through a real one.

/** Jobs of a queue that are counted one by one; what is above, its monitor counts. */
const COUNTED = 1000;

/** Of these keys, those for which no job waits or runs. */
export async function keysWithoutJob(
  knex: Knex,
  options: { schema: string; keys: string[] },
): Promise<string[]> {
  const rows = await knex
    .withSchema(options.schema)
    .from('job')
    .distinct('singleton_key')
    .whereIn(
      'name',
      knex.withSchema(options.schema).from('queue').select('name'),
    )
    .whereNot({ name: DEAD_QUEUE })
    .whereIn('state', ['created', 'retry', 'active'])
    .whereRaw('singleton_key = any(?)', [options.keys]);
  const live = new Set(rows.map(row => row.singleton_key));
  return options.keys.filter(key => !live.has(key));
}

/**
 * A query for the jobs of deliveries that wait, run, or died and are to be told of: the
 * `delivery_id` that each was made for, and its `key`.
 */
export function deliveryJobs(
  knex: Knex,
  options: { schema: string },
): Knex.QueryBuilder {
  return knex
    .withSchema(options.schema)
    .from('job')
    .whereIn('name', [queueName('deliver'), EARLIER_QUEUE, DEAD_QUEUE])
    .whereIn('state', ['created', 'retry', 'active'])
    .whereRaw(`data ->> 'task' = 'deliver'`)
    .select(
      knex.raw(`data ->> 'deliveryId' AS delivery_id`),
      'singleton_key AS key',
    );
}

/** Of these queues, those with a job that could run now. */
export async function dueQueues(
  db: Db,
  options: { schema: string; queues: string[] },
): Promise<string[]> {
  const schema = pg.escapeIdentifier(options.schema);
  const some = (state: string) =>
    `EXISTS (SELECT FROM ${schema}.job WHERE job.name = queue.name
      AND state = '${state}' AND NOT blocked AND start_after <= now())`;
  const { rows } = await db.executeSql(
    `SELECT name FROM unnest($1::text[]) AS queue (name)
     WHERE ${some('created')} OR ${some('retry')}`,
    [options.queues],
  );
  return rows.map(({ name }) => name);
}

/**
 * What waits in all queues, at the same cost however much it is: of each queue
 * and state, the beginning of a range of an index is read.
 */
export async function queueStats(
  knex: Knex,
  options: { schema: string },
): Promise<QueueStats> {
  // The monitor's count may be a second or two behind.
  const count = (what: string, monitored: string) =>
    `coalesce(sum(CASE WHEN jobs.${what} <= ${COUNTED} THEN jobs.${what}
      ELSE greatest(jobs.${what}, queue.${monitored}) END), 0)::int AS ${what}`;
  const waits = `state IN ('created', 'retry')`;
  // In the order of the library's index of live jobs, whose condition is
  // repeated: so those that are due come before those that are not.
  const read = knex.raw(
    `SELECT
      ${count('waiting', 'queued_count')},
      ${count('due', 'ready_count')},
      ${count('running', 'active_count')},
      ${count('failed', 'failed_count')},
      coalesce(extract(epoch FROM now() - min(jobs.oldest)), 0)::float8 AS oldest
    FROM :schema:.queue AS queue
    CROSS JOIN LATERAL (
      SELECT
        count(*) FILTER (WHERE ${waits}) AS waiting,
        count(*) FILTER (WHERE ${waits} AND start_after <= now()) AS due,
        count(*) FILTER (WHERE state = 'active') AS running,
        count(*) FILTER (WHERE state = 'failed') AS failed,
        min(start_after) FILTER (WHERE ${waits}) AS oldest
      FROM unnest('{created,retry,active,failed}':::schema:.job_state[])
        AS counted(state)
      CROSS JOIN LATERAL (
        SELECT start_after FROM :schema:.job
        WHERE name = queue.name AND job.state = counted.state
          AND job.state IN ('created', 'retry', 'active', 'failed')
        ORDER BY blocked, start_after
        LIMIT ${COUNTED + 1}
      ) AS first
    ) AS jobs
    WHERE queue.name <> :dead`,
    { schema: options.schema, dead: DEAD_QUEUE },
  );
  // The planner knows less than we do: how many jobs a queue has changes faster
  // than its statistics, and it would rather read all of them. Several
  // statements in one message are one transaction, and one round trip.
  const results = await knex.raw(
    `SET LOCAL enable_seqscan = off;
    SET LOCAL enable_bitmapscan = off;
    SET LOCAL enable_sort = off;
    ${read.toQuery()}`,
  );
  const [row] = results.at(-1).rows;
  return {
    depth: row.waiting,
    eligibleBacklog: row.due,
    oldestAgeSeconds: Math.max(row.oldest, 0),
    running: row.running,
    failed: row.failed,
  };
}
