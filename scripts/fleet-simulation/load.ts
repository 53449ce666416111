import { Knex } from 'knex';
import { JobQueue } from '../../plugins/dataset-migrations-backend/src/queue/types';
import { Ledger } from './Ledger';
import { ENGINE } from './queue';

/** What the fleet is given to do. */
export interface Load {
  /** Jobs of the first burst, all at once. */
  burst: number;
  /** The steady stream after it. */
  stream: { jobsPerSecond: number; seconds: number };
  /** The last burst, in which workers are killed once so many are ready. */
  killBurst: { jobs: number; kill: number; whenReady: number };
}

/** The load of `npm run fleet:simulate`. */
export const recordedLoad: Load = {
  burst: 5000,
  stream: { jobsPerSecond: 25, seconds: 40 },
  killBurst: { jobs: 2000, kill: 2, whenReady: 6 },
};

/** Puts jobs into the queue, each of a dataset of its own, and notes them. */
export class Dispatcher {
  private count = 0;

  constructor(
    private readonly options: { knex: Knex; queue: JobQueue; ledger: Ledger },
  ) {}

  /** Jobs that were enqueued so far. */
  get enqueued(): number {
    return this.count;
  }

  async enqueue(jobs: number): Promise<void> {
    const { knex, queue, ledger } = this.options;
    const keys = Array.from({ length: jobs }, () => `job-${++this.count}`);
    await knex.transaction(async trx => {
      await ledger.enqueued(trx, keys);
      await queue.enqueueAll(
        trx,
        keys.map(key => ({
          payload: { task: 'advance', migrationId: key, sequence: 0 },
          key,
          engine: ENGINE,
        })),
      );
    });
  }
}
