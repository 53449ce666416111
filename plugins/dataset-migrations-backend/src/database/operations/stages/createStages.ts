import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { inBatches } from '../../inBatches';

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

/**
 * Adds stages to migrations, as pending; one that is there already becomes pending
 * again.
 */
export async function createStages(
  trx: Knex.Transaction,
  migrationIds: readonly string[],
  stages: readonly Stage[],
): Promise<void> {
  const rows = migrationIds.flatMap(id =>
    stages.map(stage => ({
      migration_id: id,
      stage,
      position: positions.indexOf(stage),
      state: 'pending',
    })),
  );
  await inBatches(rows, async batch => {
    await trx('migration_stages')
      .insert(batch)
      .onConflict(['migration_id', 'stage'])
      .merge({ state: 'pending', started_at: null, finished_at: null });
    return [];
  });
}
