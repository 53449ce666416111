import { Knex } from 'knex';
import { MigrationRecord } from '../../MigrationRecord';
import { locationsOf } from '../../locations';

/**
 * Holds the physical places of a migration that is active, so that no other may
 * become so (G1), or lets them go. In a fixed order, so that two migrations that
 * share several places do not wait for each other.
 *
 * @throws the database's conflict when another active migration holds one
 */
export async function holdLocations(
  trx: Knex.Transaction,
  record: Pick<MigrationRecord, 'id' | 'location' | 'furtherLocations'>,
  active: boolean,
): Promise<void> {
  const keys = locationsOf(record).map(({ key }) => key);
  for (const key of keys.sort()) {
    await trx('migration_locations')
      .insert({ migration_id: record.id, location_key: key, active })
      .onConflict(['migration_id', 'location_key'])
      .merge(['active']);
  }
}
