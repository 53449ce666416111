import { Knex } from 'knex';
import { JobPayload } from './types';

// The library edits the payload of jobs that wait, not of one that runs; its
// table is written instead. The library is pinned, and the queue's tests do
// this on a real one.

interface RunningJob {
  schema: string;
  queue: string;
  id: string;
  /** Names the attempt: every claim has another one. */
  retryCount: number;
}

/**
 * Gives a job that runs another payload, from which the next attempt begins.
 *
 * @returns false when this attempt is over
 */
export async function continueJob(
  trx: Knex.Transaction,
  job: RunningJob,
  payload: JobPayload,
): Promise<boolean> {
  const changed = await attempt(trx, job).update({
    data: JSON.stringify(payload),
  });
  return changed === 1;
}

/** The payload that a job has by now; undefined when this attempt is over. */
export async function payloadOf(
  trx: Knex.Transaction,
  job: RunningJob,
): Promise<JobPayload | undefined> {
  const row = await attempt(trx, job).first('data');
  return row?.data;
}

function attempt(
  trx: Knex.Transaction,
  { schema, queue, id, retryCount }: RunningJob,
) {
  return trx
    .withSchema(schema)
    .from('job')
    .where({ name: queue, id, state: 'active', retry_count: retryCount });
}
