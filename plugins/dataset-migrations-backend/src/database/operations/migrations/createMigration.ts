import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import { ConflictError } from '@backstage/errors';
import { Knex } from 'knex';
import {
  fromMigrationRow,
  MigrationRecord,
  toMigrationColumns,
} from '../../MigrationRecord';
import { assertNoActiveMigration } from './assertNoActiveMigration';
import { findByIdempotencyKey } from './findByIdempotencyKey';
import { holdLocations } from './holdLocations';

export type NewMigration = Omit<
  MigrationRecord,
  'state' | 'stage' | 'sequence' | 'createdAt'
>;

/**
 * Writes a queued migration, unless its idempotency key says that it is there
 * already.
 *
 * @returns `created` false for a migration that an earlier, equal request made
 * @throws ConflictError when the dataset or its location has an active
 *   migration (G1), or when the key was used for another request
 */
export async function createMigration(
  trx: Knex.Transaction,
  migration: NewMigration,
): Promise<{ record: MigrationRecord; created: boolean }> {
  // The indexes decide, not a query before: of 50 callers at once, 49 wait here
  // for the first and then find its row.
  const [row] = await trx('migrations')
    .insert(
      toMigrationColumns({
        ...migration,
        state: 'queued',
        stage: 'discover',
        sequence: 0,
      }),
    )
    .onConflict()
    .ignore()
    .returning('*');
  if (row) {
    const record = fromMigrationRow(row);
    await hold(trx, record);
    return { record, created: true };
  }

  const earlier = await findByIdempotencyKey(trx, migration);
  if (earlier) {
    return { record: earlier, created: false };
  }
  return refuse(trx, migration);
}

/** The refusal of the index must leave the transaction usable, to ask who it is. */
async function hold(
  trx: Knex.Transaction,
  record: MigrationRecord,
): Promise<void> {
  try {
    await trx.transaction(inner => holdLocations(inner, record, true));
  } catch (error) {
    if (isDatabaseConflictError(error)) {
      await refuse(trx, record);
    }
    throw error;
  }
}

/** @throws ConflictError naming the migration that is in the way, if it still is */
async function refuse(
  trx: Knex.Transaction,
  migration: NewMigration,
): Promise<never> {
  await assertNoActiveMigration(trx, migration);
  throw new ConflictError(
    `Another migration of ${migration.datasetRef} ended while this one was started; start it again`,
  );
}
