import { ConflictError } from '@backstage/errors';
import {
  canTransition,
  MigrationState,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import {
  fromMigrationRow,
  MigrationPatch,
  MigrationRecord,
  toMigrationColumns,
} from '../../MigrationRecord';
import { SupersededError } from '../../SupersededError';

/** A migration as its changer read it. */
export type ExpectedMigration = Pick<
  MigrationRecord,
  'id' | 'datasetRef' | 'state' | 'sequence'
>;

/**
 * Changes a migration if it still is as the caller read it, in a state that the
 * table of transitions allows. Holds the row's lock until the transaction ends.
 *
 * @throws SupersededError when somebody changed it since; ConflictError for a
 *   transition that is not in the table
 */
export async function transitionMigration(
  trx: Knex.Transaction,
  expected: ExpectedMigration,
  patch: Omit<MigrationPatch, 'id' | 'createdAt'> & { state?: MigrationState },
): Promise<MigrationRecord> {
  const { id, state, sequence } = expected;
  if (
    patch.state &&
    patch.state !== state &&
    !canTransition(state, patch.state)
  ) {
    throw new ConflictError(
      `Migration ${id} of ${expected.datasetRef} is ${state} and cannot become ${patch.state}`,
    );
  }
  const [row] = await trx('migrations')
    .where({ id, state, sequence })
    .update({ ...toMigrationColumns(patch), updated_at: trx.fn.now() })
    .returning('*');
  if (!row) {
    throw new SupersededError(
      `Migration ${id} is no longer ${state} at job ${sequence}`,
    );
  }
  return fromMigrationRow(row);
}
