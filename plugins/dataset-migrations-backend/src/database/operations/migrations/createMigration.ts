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

export type NewMigration = Omit<
  MigrationRecord,
  'state' | 'stage' | 'sequence' | 'timesTold' | 'createdAt'
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
  const row = await insert(trx, migration);
  if (row) {
    return { record: fromMigrationRow(row), created: true };
  }

  const earlier = await findByIdempotencyKey(trx, migration);
  if (earlier) {
    return { record: earlier, created: false };
  }
  await assertNoActiveMigration(trx, migration);
  throw new ConflictError(
    `Another migration of ${migration.datasetRef} ended while this one was started; start it again`,
  );
}

/**
 * The indexes decide, not a query before: of 50 callers at once, 49 wait here
 * for the first and then find its row. That of the further locations refuses
 * with an error, which must leave the transaction usable.
 *
 * @returns nothing when another migration is in the way
 */
async function insert(
  trx: Knex.Transaction,
  migration: NewMigration,
): Promise<Record<string, unknown> | undefined> {
  try {
    return await trx.transaction(async inner => {
      const [row] = await inner('migrations')
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
      return row;
    });
  } catch (error) {
    if (isDatabaseConflictError(error)) {
      return undefined;
    }
    throw error;
  }
}
