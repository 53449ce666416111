import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

/**
 * Marks a stage as running, and says so in the migration's log. A run after a
 * failure or a block counts as another attempt; a later slice of a run that goes
 * on changes nothing. One statement, as every stage of every migration begins
 * with it.
 */
export async function startStage(
  trx: Knex.Transaction,
  migrationId: string,
  stage: Stage,
): Promise<void> {
  await trx.raw(
    `WITH started AS (
       UPDATE migration_stages
       SET state = 'running', started_at = now(), finished_at = NULL, attempts = attempts + 1
       WHERE migration_id = :migrationId AND stage = :stage AND state <> 'running'
       RETURNING migration_id, stage
     )
     INSERT INTO migration_events (migration_id, level, stage, message)
     SELECT migration_id, 'info', stage, 'Started' FROM started`,
    { migrationId, stage },
  );
}
