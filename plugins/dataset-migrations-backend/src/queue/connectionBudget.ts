import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { QueueSettings } from './settings';

/** Statements of the queue are short, so a connection carries some slots. */
const SLOTS_PER_CONNECTION = 4;
/** Deliveries wait for their receivers nearly all of the time. */
const DELIVERIES_PER_CONNECTION = 16;
/** For what the slots do not cause: polling, signs of life, supervision. */
const STANDING = 2;
/** Share of the server's connections above which somebody should look. */
const NEAR = 0.8;

/** The most connections that the queue's pool of a process opens. */
export function queuePoolSize({
  slots,
  concurrency: { preflight, deliver },
}: Pick<QueueSettings, 'slots' | 'concurrency'>): number {
  return (
    STANDING +
    Math.ceil(
      (slots + preflight) / SLOTS_PER_CONNECTION +
        deliver / DELIVERIES_PER_CONNECTION,
    )
  );
}

/**
 * The most connections that the plugin opens in a process: of its own pool, of
 * the queue's, and the one that listens.
 */
export function connectionsPerProcess(
  knex: Knex,
  settings: QueueSettings,
): number {
  const { max = 10 } = (knex.client.config as Knex.Config).pool ?? {};
  return max + queuePoolSize(settings) + 1;
}

/**
 * Says in the log when so many workers may ask the server for more connections
 * than it has, or nearly so: they would wait for each other, or fail. Portals
 * come on top: nobody knows here how many there are, nor of which plugins.
 */
export async function warnOfConnections(options: {
  knex: Knex;
  logger: LoggerService;
  settings: QueueSettings;
  workers: number;
}): Promise<void> {
  const { knex, logger, settings, workers } = options;
  const {
    rows: [{ available }],
  } = await knex.raw(
    `SELECT current_setting('max_connections')::int
       - current_setting('superuser_reserved_connections')::int AS available`,
  );
  const each = connectionsPerProcess(knex, settings);
  const needed = each * workers;
  if (needed > NEAR * available) {
    logger.warn(
      `${workers} workers may open ${needed} connections (${each} each), portals not counted, and PostgreSQL has ${available}: lower datasetMigrations.queue.slots or the pool of backend.database.knexConfig, start fewer workers, or raise max_connections`,
    );
  }
}
