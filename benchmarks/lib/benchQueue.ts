import { ConfigReader } from '@backstage/config';
import knexFactory from 'knex';
import pg from 'pg';
// The queue is inside the backend and not for others; a benchmark may look.
import { openDatabase } from '../../plugins/dataset-migrations-backend/src/database/openDatabase';
import { createQueue } from '../../plugins/dataset-migrations-backend/src/queue/createQueue';
import { logger } from './logger';

/** As a worker of one engine works, when no earlier release left jobs. */
export const workOptions = {
  engines: () => ['postgres'],
  engineOf: async () => undefined,
};

/** The queue of the backend, on a database of the plugin that is made if need be. */
export async function benchQueue(connectionString: string, database: string) {
  const admin = new pg.Client({ connectionString });
  await admin.connect();
  const { rowCount } = await admin.query(
    'SELECT FROM pg_database WHERE datname = $1',
    [database],
  );
  if (!rowCount) {
    await admin.query(`CREATE DATABASE ${pg.escapeIdentifier(database)}`);
  }
  await admin.end();
  const url = new URL(connectionString);
  const knex = knexFactory({
    client: 'pg',
    connection: {
      host: url.hostname,
      port: Number(url.port),
      user: url.username,
      password: decodeURIComponent(url.password),
      database,
    },
  });
  if (!rowCount) {
    await openDatabase({ getClient: async () => knex });
  }
  const queue = createQueue({
    knex,
    config: new ConfigReader({}),
    logger,
  });
  await queue.start();
  return {
    queue,
    knex,
    async close() {
      await queue.stop();
      await knex.destroy();
    },
  };
}
