import { Knex } from 'knex';
import { fromMigrationRow, MigrationRecord } from '../../MigrationRecord';

/** How many one round of upkeep looks at; the next round takes the next. */
const ROUND = 500;

/** Migrations that a job must be working on, or waiting to. */
export async function listInMotion(knex: Knex): Promise<MigrationRecord[]> {
  const rows = await knex('migrations')
    .whereIn('state', ['queued', 'running', 'cancelling', 'rolling-back'])
    .orWhere(retiring =>
      retiring
        .where({ state: 'succeeded', stage: 'retire' })
        .where('old_version_state', 'coexisting')
        .whereNull('error'),
    )
    .orderBy('updated_at')
    .limit(ROUND);
  return rows.map(fromMigrationRow);
}

export async function listBlocked(
  knex: Knex,
  datasetRef?: string,
): Promise<MigrationRecord[]> {
  const rows = await knex('migrations')
    .where({ state: 'blocked' })
    .modify(query => datasetRef && query.where('dataset_ref', datasetRef))
    .orderBy('updated_at')
    .limit(ROUND);
  return rows.map(fromMigrationRow);
}

/** Old versions that could retire: nobody may want them back any more. */
export async function listRetirable(knex: Knex): Promise<MigrationRecord[]> {
  const rows = await knex('migrations')
    .where({ state: 'succeeded', old_version_state: 'coexisting' })
    .whereNot({ stage: 'retire' })
    .where('rollback_until', '<=', knex.fn.now())
    .orderBy('updated_at')
    .limit(ROUND);
  return rows.map(fromMigrationRow);
}

/**
 * Migrations whose leftovers beside the data nobody can want any more: old
 * versions past their rollback window, shadows of failures given up.
 */
export async function listToCleanUp(
  knex: Knex,
  options: { failedBefore: Date },
): Promise<MigrationRecord[]> {
  const rows = await knex('migrations')
    .whereNull('cleaned_up_at')
    .whereNotNull('fence')
    .andWhere(due =>
      due
        .where(switched =>
          switched
            .where({ state: 'succeeded' })
            .where('rollback_until', '<=', knex.fn.now())
            .whereRaw("old_version_state IS DISTINCT FROM 'coexisting'"),
        )
        .orWhere(givenUp =>
          givenUp
            .where({ state: 'failed' })
            .where('finished_at', '<=', options.failedBefore),
        ),
    )
    .orderBy('updated_at')
    .limit(ROUND);
  return rows.map(fromMigrationRow);
}
