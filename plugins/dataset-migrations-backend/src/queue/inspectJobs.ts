import { Knex } from 'knex';
import pg from 'pg';
import { Db } from 'pg-boss';
import { DEAD_QUEUE } from './names';
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
 * What waits in all queues, at the same cost however much it is: each
 * part of the statement reads the beginning of a range of an index.
 */
export async function queueStats(
  knex: Knex,
  options: { schema: string },
): Promise<QueueStats> {
  // The monitor's count may be a second or two behind.
  const count = (what: string, counted: string) =>
    `coalesce(sum(CASE WHEN ${what}.n <= ${COUNTED} THEN ${what}.n
      ELSE greatest(${what}.n, queue.${counted}) END), 0)::int AS ${what}`;
  const some = (what: string, condition: string) =>
    `CROSS JOIN LATERAL (
      SELECT count(*)::int AS n FROM (
        SELECT FROM :schema:.job
        WHERE name = queue.name AND ${condition} LIMIT ${COUNTED + 1}
      ) AS jobs
    ) AS ${what}`;
  const oldest = (state: string) =>
    `(SELECT min(start_after) FROM :schema:.job
      WHERE name = queue.name AND state = '${state}' AND NOT blocked)`;
  const waits = (until: string) =>
    `state IN ('created', 'retry') AND start_after <= ${until}`;
  const read = (trx: Knex.Transaction) =>
    trx.raw(
      `SELECT
      ${count('depth', 'queued_count')},
      ${count('eligible', 'ready_count')},
      ${count('running', 'active_count')},
      ${count('failed', 'failed_count')},
      coalesce(extract(epoch FROM now() -
        min(least(${oldest('created')}, ${oldest(
        'retry',
      )}))), 0)::float8 AS oldest
    FROM :schema:.queue AS queue
    ${some('depth', waits(`'infinity'`))}
    ${some('eligible', waits('now()'))}
    ${some('running', `state = 'active'`)}
    ${some('failed', `state = 'failed'`)}
    WHERE queue.name <> :dead`,
      { schema: options.schema, dead: DEAD_QUEUE },
    );
  const result = await knex.transaction(async trx => {
    // The planner knows less than we do: how many jobs a queue has changes
    // faster than its statistics, and it would rather read all of them.
    await trx.raw(
      'SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off',
    );
    return read(trx);
  });
  const [row] = result.rows;
  return {
    depth: row.depth,
    eligibleBacklog: row.eligible,
    oldestAgeSeconds: Math.max(row.oldest, 0),
    running: row.running,
    failed: row.failed,
  };
}
