import { QueueStatus } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { countDispatchable } from '../database/operations/campaigns/countDispatchable';
import { JobQueue } from '../queue/types';
import { Workers } from './Workers';

/**
 * The work that waits, in the queue and in campaigns, and who does it: what the
 * API, the metrics and the history tell.
 */
export async function readFleet(options: {
  knex: Knex;
  queue: JobQueue;
  workers: Workers;
}): Promise<QueueStatus> {
  const { knex, queue, workers } = options;
  const [stats, dispatchable, alive] = await Promise.all([
    queue.stats(),
    countDispatchable(knex),
    workers.alive(),
  ]);
  return {
    ...stats,
    eligibleBacklog: stats.eligibleBacklog + dispatchable,
    workersAlive: alive.length,
    workers: alive,
  };
}
