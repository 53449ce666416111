import { JsonObject } from '@backstage/types';
import {
  MigrationEvent,
  Stage,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { inBatches } from '../../inBatches';

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
  await appendEvents(trx, [{ ...event, migrationId }]);
}

/** The same for many migrations, or several lines of one. */
export async function appendEvents(
  trx: Knex.Transaction,
  events: Array<NewEvent & { migrationId: string }>,
): Promise<void> {
  await inBatches(events, async batch => {
    await trx('migration_events').insert(
      batch.map(({ migrationId, level = 'info', stage, message, data }) => ({
        migration_id: migrationId,
        level,
        stage: stage ?? null,
        message,
        data: data ? JSON.stringify(data) : null,
      })),
    );
    return [];
  });
}
