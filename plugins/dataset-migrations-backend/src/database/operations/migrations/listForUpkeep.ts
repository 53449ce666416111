import { Stage } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { BREAKING_CHANGE } from '../../../planning/judge';
import { ExpectedMigration } from './transitionMigration';

/** Migrations that a job must be working on, or waiting to. */
export async function listInMotion(knex: Knex): Promise<ExpectedMigration[]> {
  const rows = await select(knex)
    .whereIn('state', ['queued', 'running', 'cancelling', 'rolling-back'])
    .orWhere(retiring =>
      retiring
        .where({ state: 'succeeded', stage: 'retire' })
        .where('old_version_state', 'coexisting')
        .whereNull('error'),
    );
  return rows.map(fromRow);
}

/** @param datasetRef - of one dataset only */
export async function listBlocked(
  knex: Knex,
  datasetRef?: string,
): Promise<ExpectedMigration[]> {
  const rows = await select(knex)
    .where({ state: 'blocked' })
    .modify(query => datasetRef && query.where('dataset_ref', datasetRef));
  return rows.map(fromRow);
}

/**
 * Migrations whose old version nobody can want back any more, and was not promised
 * for longer, among them those
 * whose retirement was refused for consumers that may have moved since. One that
 * failed for another reason would fail again, and is left to a person.
 */
export async function listRetirable(knex: Knex): Promise<ExpectedMigration[]> {
  const rows = await select(knex)
    .where({ state: 'succeeded', old_version_state: 'coexisting' })
    .where('rollback_until', '<=', knex.fn.now())
    .andWhere(announced =>
      announced
        .whereNull('retirement')
        .orWhere('retirement', '<=', knex.fn.now()),
    )
    .andWhere(due =>
      due
        .whereNot({ stage: 'retire' })
        .orWhereRaw(`error ->> 'name' = ?`, [BREAKING_CHANGE]),
    );
  return rows.map(fromRow);
}

/**
 * Migrations whose leftovers beside the data nobody can want any more: old
 * versions past their rollback window, new ones that were rolled back, shadows
 * of failures given up.
 */
export async function listToCleanUp(
  knex: Knex,
  options: { endedBefore: Date; failedBefore: Date },
): Promise<ExpectedMigration[]> {
  const rows = await select(knex)
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
        )
        .orWhere(undone =>
          undone
            .where({ state: 'rolled-back' })
            .where('finished_at', '<=', options.endedBefore),
        ),
    );
  return rows.map(fromRow);
}

/** Migrations that stand still since a job at one of these stages failed with that error. */
export async function listGivenUp(
  knex: Knex,
  options: { error: string; stages: readonly Stage[] },
): Promise<ExpectedMigration[]> {
  const rows = await select(knex)
    .whereIn('state', ['succeeded', 'failed'])
    .whereRaw(`error ->> 'name' = ?`, [options.error])
    .whereRaw(`error ->> 'stage' = ANY (?)`, [[...options.stages]]);
  return rows.map(fromRow);
}

/** Without the contracts and the plan, which make a row large. */
function select(knex: Knex) {
  return knex('migrations')
    .select('id', 'dataset_ref', 'state', 'sequence')
    .orderBy('updated_at');
}

function fromRow(row: any): ExpectedMigration {
  return {
    id: row.id,
    datasetRef: row.dataset_ref,
    state: row.state,
    sequence: Number(row.sequence),
  };
}
