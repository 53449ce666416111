import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

/**
 * Marks a stage as running. A later slice of the same run changes nothing; a
 * run after a failure or a block counts as another attempt.
 */
export async function startStage(
  trx: Knex.Transaction,
  migrationId: string,
  stage: Stage,
): Promise<void> {
  await trx('migration_stages')
    .where({ migration_id: migrationId, stage })
    .whereNot({ state: 'running' })
    .update({
      state: 'running',
      started_at: trx.fn.now(),
      finished_at: null,
      attempts: trx.raw('attempts + 1'),
    });
}
