import { JsonObject } from '@backstage/types';
import {
  MigrationEvent,
  Stage,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

export interface NewEvent {
  level?: MigrationEvent['level'];
  stage?: Stage;
  message: string;
  data?: JsonObject;
}

/**
 * Adds a line to a migration's log. The caller's transaction holds the lock of
 * the migration's row, so that a reader who has seen one id never misses a
 * smaller one that commits later.
 */
export async function appendEvent(
  trx: Knex.Transaction,
  migrationId: string,
  event: NewEvent,
): Promise<void> {
  await trx('migration_events').insert({
    migration_id: migrationId,
    level: event.level ?? 'info',
    stage: event.stage ?? null,
    message: event.message,
    data: event.data ? JSON.stringify(event.data) : null,
  });
}
