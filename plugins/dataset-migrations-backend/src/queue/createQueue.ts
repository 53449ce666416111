import {
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { PgBossQueue } from './PgBossQueue';
import { readQueueSettings } from './settings';
import { JobQueue } from './types';

/** The queue in the plugin's own database; it connects when it starts. */
export function createQueue(options: {
  knex: Knex;
  config: RootConfigService;
  logger: LoggerService;
}): JobQueue {
  return new PgBossQueue({
    knex: options.knex,
    logger: options.logger.child({ component: 'queue' }),
    settings: readQueueSettings(options.config),
  });
}
