import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

/** In the order in which they run; `retire` and `rollback` are appended on request. */
export const forwardStages: readonly Stage[] = [
  'discover',
  'validate',
  'lock',
  'transform',
  'verify',
  'cut-over',
  'notify',
];

const positions: readonly Stage[] = [...forwardStages, 'retire', 'rollback'];

/** Adds stages as pending; one that is there already becomes pending again. */
export async function createStages(
  trx: Knex.Transaction,
  migrationId: string,
  stages: readonly Stage[],
): Promise<void> {
  await trx('migration_stages')
    .insert(
      stages.map(stage => ({
        migration_id: migrationId,
        stage,
        position: positions.indexOf(stage),
        state: 'pending',
      })),
    )
    .onConflict(['migration_id', 'stage'])
    .merge({ state: 'pending', started_at: null, finished_at: null });
}
