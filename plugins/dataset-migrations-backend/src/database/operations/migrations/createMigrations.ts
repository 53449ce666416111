import { isDatabaseConflictError } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import {
  fromMigrationRow,
  MigrationRecord,
  toMigrationColumns,
} from '../../MigrationRecord';
import { inBatches } from '../../inBatches';

export type NewMigration = Omit<
  MigrationRecord,
  'state' | 'stage' | 'sequence' | 'timesTold' | 'createdAt'
>;

/**
 * Writes queued migrations, with as few statements as one takes: each of them unless
 * its dataset or one of its locations has an active migration (G1), which may be another
 * of these, or its idempotency key is in use.
 *
 * @returns those that were written, in their order; `trx` is of use whatever was not
 */
export async function createMigrations(
  trx: Knex.Transaction,
  migrations: NewMigration[],
): Promise<MigrationRecord[]> {
  const rows = await inBatches(
    migrations,
    async batch =>
      (await insert(trx, batch)) ??
      // One of them is in the way of another, or somebody else's of some.
      oneByOne(trx, batch),
  );
  const byId = new Map(rows.map(row => [row.id, fromMigrationRow(row)]));
  return migrations.flatMap(({ id }) => byId.get(id) ?? []);
}

/**
 * The indexes decide, not a query before: of 50 callers at once, 49 wait here
 * for the first and then find its row. That of the further locations refuses
 * with an error, which must leave the transaction usable.
 *
 * @returns undefined where it is that one, and nothing was written
 */
async function insert(
  trx: Knex.Transaction,
  migrations: NewMigration[],
): Promise<Array<Record<string, unknown>> | undefined> {
  try {
    return await trx.transaction(inner =>
      inner('migrations')
        .insert(
          migrations.map(migration =>
            toMigrationColumns({
              ...migration,
              state: 'queued',
              stage: 'discover',
              sequence: 0,
            }),
          ),
        )
        .onConflict()
        .ignore()
        .returning('*'),
    );
  } catch (error) {
    if (isDatabaseConflictError(error)) {
      return undefined;
    }
    throw error;
  }
}

async function oneByOne(
  trx: Knex.Transaction,
  migrations: NewMigration[],
): Promise<Array<Record<string, unknown>>> {
  const rows = [];
  for (const migration of migrations) {
    rows.push(...((await insert(trx, [migration])) ?? []));
  }
  return rows;
}
