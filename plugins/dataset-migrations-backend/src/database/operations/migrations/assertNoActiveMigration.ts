import { ConflictError } from '@backstage/errors';
import { activeMigrationStates } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { displayOf, Located, locationsOf } from '../../locations';
import { fromMigrationRow } from '../../MigrationRecord';

type Wanted = Located & { id: string; datasetRef: string };

/** @throws ConflictError naming another migration that holds the dataset or one of its locations (G1) */
export async function assertNoActiveMigration(
  knex: Knex,
  wanted: Wanted,
): Promise<void> {
  const conflict = await findConflict(knex, wanted);
  if (conflict) {
    throw conflict;
  }
}

/** @returns what {@link assertNoActiveMigration} throws */
export async function findConflict(
  knex: Knex,
  options: Wanted,
): Promise<ConflictError | undefined> {
  const keys = locationsOf(options).map(({ key }) => key);
  const row = await knex('migrations')
    .whereIn('state', activeMigrationStates)
    .whereNot({ id: options.id })
    .andWhere(either =>
      either
        .where('dataset_ref', options.datasetRef)
        .orWhereIn(
          'id',
          knex('migration_locations')
            .select('migration_id')
            .whereIn('location_key', keys),
        ),
    )
    .first();
  if (!row) {
    return undefined;
  }
  const active = fromMigrationRow(row);
  const where =
    active.datasetRef === options.datasetRef
      ? options.datasetRef
      : `${sharedPlace(active, keys)}, which is also ${active.datasetRef},`;
  return new ConflictError(
    `${where} is already being migrated from ${active.fromVersion} to ${active.toVersion} by migration ${active.id} (${active.state})`,
  );
}

function sharedPlace(active: Located, keys: string[]): string {
  const shared = locationsOf(active).find(({ key }) => keys.includes(key));
  return shared?.display ?? displayOf(active);
}
