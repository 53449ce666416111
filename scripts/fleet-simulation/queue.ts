import { ConfigReader } from '@backstage/config';
import knexFactory, { Knex } from 'knex';
// The queue is inside the backend and not for others; a simulation may look.
import { openDatabase } from '../../plugins/dataset-migrations-backend/src/database/openDatabase';
import { createQueue } from '../../plugins/dataset-migrations-backend/src/queue/createQueue';
import {
  JobQueue,
  WorkOptions,
} from '../../plugins/dataset-migrations-backend/src/queue/types';

/** Where the queue is. */
export interface Connection {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
}

/** The engine whose datasets the simulated jobs are of. */
export const ENGINE = 'simulated';

/** How a worker takes those jobs; no earlier release left others. */
export const workOptions: Omit<WorkOptions, 'slots'> = {
  engines: () => [ENGINE],
  engineOf: async () => undefined,
};

/** Says nothing but what went wrong, for programs that have no logger. */
export const logger = {
  debug() {},
  info() {},
  warn: (message: string) => process.stderr.write(`${message}\n`),
  error: (message: string) => process.stderr.write(`${message}\n`),
  child: () => logger,
};

/** Makes the tables of the plugin, of which the queue needs some. */
export async function makeTables(connection: Connection): Promise<void> {
  const knex = knexFactory({ client: 'pg', connection: { ...connection } });
  try {
    await openDatabase({ getClient: async () => knex });
  } finally {
    await knex.destroy();
  }
}

/**
 * The queue of the backend, started, where its tables are.
 *
 * @param slots - jobs that this process will run at a time; 0 for none
 */
export async function openQueue(
  connection: Connection,
  slots: number,
): Promise<{ knex: Knex; queue: JobQueue }> {
  const knex = knexFactory({
    client: 'pg',
    connection: { ...connection },
    pool: { min: 0, max: slots + 2 },
  });
  const queue = createQueue({
    knex,
    config: new ConfigReader({ datasetMigrations: { queue: { slots } } }),
    logger,
  });
  await queue.start();
  return { knex, queue };
}
