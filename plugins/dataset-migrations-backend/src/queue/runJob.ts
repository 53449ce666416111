import { Knex } from 'knex';
import { JobWithMetadata } from 'pg-boss';
import { committed } from '../database/committed';
import { ClaimLostError } from './errors';
import { JobHandler, JobPayload } from './types';

/**
 * Runs one job that the library fetched and sees to how it ends.
 *
 * @param options.complete - ends the job in a transaction; false when this
 *   worker no longer holds it
 * @param options.continueAs - gives it another payload in a transaction; false
 *   as above
 * @param options.giveBack - puts an equal job into the queue and ends this one,
 *   in one transaction. Not the library's way of giving back, after which it
 *   could not tell this worker's end of the job from the next one's.
 * @returns whether the job has ended, or is somebody else's; else it is still to
 *   be ended
 */
export async function runJob(options: {
  job: JobWithMetadata<JobPayload>;
  handler: JobHandler;
  shutdown: AbortSignal;
  complete(trx: Knex.Transaction): Promise<boolean>;
  continueAs(trx: Knex.Transaction, payload: JobPayload): Promise<boolean>;
  giveBack(complete: (trx: Knex.Transaction) => Promise<void>): Promise<void>;
}): Promise<boolean> {
  const { job, handler, shutdown } = options;
  let ended: Promise<boolean> | undefined;
  const assertHeld = (held: boolean) => {
    if (!held) {
      throw new ClaimLostError(`Job ${job.id} was given to another worker`);
    }
  };
  const complete = async (trx: Knex.Transaction) => {
    assertHeld(await options.complete(trx));
    // A handler may bear it that the transaction did not commit after all.
    ended = committed(trx);
  };
  try {
    shutdown.throwIfAborted();
    await handler(job.data, {
      jobId: job.id,
      key: job.singletonKey ?? job.id,
      retryCount: job.retryCount,
      signal: AbortSignal.any([job.signal, shutdown]),
      complete,
      continueAs: async (trx, payload) =>
        assertHeld(await options.continueAs(trx, payload)),
    });
  } catch (error) {
    if (error instanceof ClaimLostError) {
      // Nothing of it was committed, and the job is somebody else's.
      return true;
    }
    if (!shutdown.aborted) {
      throw error;
    }
    await options.giveBack(complete);
  }
  return ended ?? false;
}
