import { activeMigrationStates } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { fromMigrationRow, MigrationRecord } from '../../MigrationRecord';

/** What answers are about; the thousands of verdicts of a migration are left out. */
const fields = {
  id: 'id',
  datasetRef: 'dataset_ref',
  fromVersion: 'from_version',
  toVersion: 'to_version',
  policy: 'policy',
  state: 'state',
  stage: 'stage',
  sourceContract: 'source_contract',
  targetContract: 'target_contract',
  plan: 'plan',
  error: 'error',
  deadline: 'deadline',
  retirement: 'retirement',
  oldVersionState: 'old_version_state',
  evidenceRemovedAt: 'evidence_removed_at',
} as const;

/** A migration that its consumers are still asked about, without their verdicts. */
export type OpenMigration = Pick<MigrationRecord, keyof typeof fields>;

/**
 * The migrations of datasets that their consumers are still asked about, by dataset:
 * the active one, or the one whose old version is still beside the new one. There is
 * at most one (G1; no other starts while an old version coexists).
 */
export async function findOpenMigrations(
  knex: Knex,
  datasetRefs: readonly string[],
): Promise<Map<string, OpenMigration>> {
  const rows = await knex('migrations')
    .select(Object.values(fields))
    .whereRaw('dataset_ref = any(?)', [[...datasetRefs]])
    .whereNull('evidence_removed_at')
    .andWhere(open =>
      open
        .whereIn('state', activeMigrationStates)
        .orWhere({ state: 'succeeded', old_version_state: 'coexisting' }),
    );
  return new Map(rows.map(row => [row.dataset_ref, fromMigrationRow(row)]));
}

/** The same of one dataset. */
export async function findOpenMigration(
  knex: Knex,
  datasetRef: string,
): Promise<OpenMigration | undefined> {
  return (await findOpenMigrations(knex, [datasetRef])).get(datasetRef);
}

/**
 * Keeps others from changing a migration until the transaction ends.
 *
 * @returns undefined when its consumers are asked no longer
 */
export async function lockOpenMigration(
  trx: Knex.Transaction,
  id: string,
): Promise<OpenMigration | undefined> {
  const row = await trx('migrations')
    .select(Object.values(fields))
    .where({ id })
    .forUpdate()
    .first();
  const migration = row && fromMigrationRow(row);
  return migration && isOpen(migration) ? migration : undefined;
}

/** Whether its consumers are still asked; see {@link findOpenMigrations}. */
export function isOpen(
  record: Pick<
    MigrationRecord,
    'evidenceRemovedAt' | 'state' | 'oldVersionState'
  >,
): boolean {
  return (
    record.evidenceRemovedAt === undefined &&
    (activeMigrationStates.includes(record.state) ||
      (record.state === 'succeeded' && record.oldVersionState === 'coexisting'))
  );
}
