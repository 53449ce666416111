import { activeMigrationStates } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { fromMigrationRow, MigrationRecord } from '../../MigrationRecord';

/**
 * The migration of a dataset that its consumers are still asked about: the active
 * one, or the one whose old version is still beside the new one. There is at most
 * one (G1; no other starts while an old version coexists).
 */
export async function findOpenMigration(
  knex: Knex,
  datasetRef: string,
): Promise<MigrationRecord | undefined> {
  const row = await knex('migrations')
    .where({ dataset_ref: datasetRef })
    .whereNull('evidence_removed_at')
    .andWhere(open =>
      open
        .whereIn('state', activeMigrationStates)
        .orWhere({ state: 'succeeded', old_version_state: 'coexisting' }),
    )
    .first();
  return row && fromMigrationRow(row);
}

/** Whether its consumers are still asked; see {@link findOpenMigration}. */
export function isOpen(record: MigrationRecord): boolean {
  return (
    record.evidenceRemovedAt === undefined &&
    (activeMigrationStates.includes(record.state) ||
      (record.state === 'succeeded' && record.oldVersionState === 'coexisting'))
  );
}
