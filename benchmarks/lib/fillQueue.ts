import { Knex } from 'knex';
import { JobQueue } from '../../plugins/dataset-migrations-backend/src/queue/types';

/** Creates jobs that are due, of so many datasets in turn. */
export async function fillQueue(
  { queue, knex }: { queue: JobQueue; knex: Knex },
  options: { jobs: number; datasets?: number },
): Promise<void> {
  const { jobs, datasets = jobs } = options;
  await knex.transaction(trx =>
    queue.enqueueAll(
      trx,
      Array.from({ length: jobs }, (_, job) => ({
        payload: { task: 'advance', migrationId: `bench-${job}`, sequence: 0 },
        key: `dataset-${job % datasets}`,
        engine: 'postgres',
      })),
    ),
  );
}

/** Forgets all jobs, and what the planner knew of them. */
export async function emptyQueue(knex: Knex): Promise<void> {
  await knex.raw('TRUNCATE dataset_migrations_boss.job CASCADE');
  await knex.raw('VACUUM ANALYZE dataset_migrations_boss.job_common');
}

/** A handler that does nothing, and tells when it has done so that many times. */
export function countdown(jobs: number): {
  handler: () => Promise<void>;
  done: Promise<void>;
} {
  let left = jobs;
  let tell = () => {};
  const done = new Promise<void>(resolve => (tell = resolve));
  return {
    done,
    async handler() {
      left -= 1;
      if (left === 0) tell();
    },
  };
}
