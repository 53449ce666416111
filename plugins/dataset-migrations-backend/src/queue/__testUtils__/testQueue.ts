import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { PgBossQueue } from '../PgBossQueue';
import { QueueSettings, readQueueSettings } from '../settings';
import { JobQueue } from '../types';

/** A queue with the settings of production, but for impatient retries and polls. */
export function testQueue(
  knex: Knex,
  overrides: Partial<QueueSettings> = {},
): PgBossQueue {
  const settings = readQueueSettings(mockServices.rootConfig());
  const retry = { limit: 2, delay: 1, maxDelay: 1 };
  return new PgBossQueue({
    knex,
    logger: mockServices.rootLogger(),
    settings: {
      ...settings,
      pollSeconds: 0.1,
      retries: { advance: retry, preflight: retry, deliver: retry },
      ...overrides,
    },
  });
}

/** As a worker of one engine works, when no earlier release left jobs. */
export const workOptions = {
  slots: 2,
  engines: () => ['memory'],
  engineOf: async () => undefined,
};

/** The deliveries for which a job waits or runs. */
export async function deliveriesWithJob(queue: JobQueue): Promise<string[]> {
  const jobs = await queue.deliveryJobs();
  return jobs.map((job: { delivery_id: string }) => job.delivery_id);
}
