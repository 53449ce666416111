import { Knex } from 'knex';
import { locationsOf } from '../../locations';
import { MigrationRecord } from '../../MigrationRecord';

/**
 * Once a later migration has cut over, the earlier ones of its place can no
 * longer be rolled back: their old version is not the one before.
 */
export async function endRollbackWindows(
  trx: Knex.Transaction,
  later: Pick<MigrationRecord, 'id' | 'location' | 'furtherLocations'>,
): Promise<void> {
  await trx('migrations')
    .where({ state: 'succeeded' })
    .whereNot({ id: later.id })
    .whereIn(
      'id',
      trx('migration_locations')
        .select('migration_id')
        .whereIn(
          'location_key',
          locationsOf(later).map(({ key }) => key),
        ),
    )
    .where('rollback_until', '>', trx.fn.now())
    .update({ rollback_until: trx.fn.now() });
}
