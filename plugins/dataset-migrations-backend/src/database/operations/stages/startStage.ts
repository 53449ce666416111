import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

/**
 * Marks a stage as running. A run after a failure or a block counts as another
 * attempt.
 *
 * @returns false for a later slice of a run that goes on, which changes nothing
 */
export async function startStage(
  trx: Knex.Transaction,
  migrationId: string,
  stage: Stage,
): Promise<boolean> {
  const started = await trx('migration_stages')
    .where({ migration_id: migrationId, stage })
    .whereNot({ state: 'running' })
    .update({
      state: 'running',
      started_at: trx.fn.now(),
      finished_at: null,
      attempts: trx.raw('attempts + 1'),
    });
  return started === 1;
}
