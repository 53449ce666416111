import { Knex } from 'knex';
import { MigrationRecord } from '../../MigrationRecord';

/**
 * Once a later migration has cut over, the earlier ones of its place can no
 * longer be rolled back: their old version is not the one before.
 */
export async function endRollbackWindows(
  trx: Knex.Transaction,
  later: Pick<MigrationRecord, 'id' | 'locationKey'>,
): Promise<void> {
  await trx('migrations')
    .where({ location_key: later.locationKey, state: 'succeeded' })
    .whereNot({ id: later.id })
    .where('rollback_until', '>', trx.fn.now())
    .update({ rollback_until: trx.fn.now() });
}
