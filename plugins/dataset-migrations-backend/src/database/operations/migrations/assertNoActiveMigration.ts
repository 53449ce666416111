import { ConflictError } from '@backstage/errors';
import { activeMigrationStates } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { fromMigrationRow } from '../../MigrationRecord';

/** @throws ConflictError naming the migration that holds the dataset or its location (G1) */
export async function assertNoActiveMigration(
  knex: Knex,
  options: { datasetRef: string; locationKey: string },
): Promise<void> {
  const row = await knex('migrations')
    .whereIn('state', activeMigrationStates)
    .andWhere(either =>
      either
        .where('dataset_ref', options.datasetRef)
        .orWhere('location_key', options.locationKey),
    )
    .first();
  if (!row) {
    return;
  }
  const active = fromMigrationRow(row);
  const where =
    active.datasetRef === options.datasetRef
      ? options.datasetRef
      : `${active.location.display}, which is also ${active.datasetRef},`;
  throw new ConflictError(
    `${where} is already being migrated from ${active.fromVersion} to ${active.toVersion} by migration ${active.id} (${active.state})`,
  );
}
