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
  const rows = await inBatches(migrations, batch => insertSome(trx, batch));
  const byId = new Map(rows.map(row => [row.id, fromMigrationRow(row)]));
  return migrations.flatMap(({ id }) => byId.get(id) ?? []);
}

/**
 * Writes those of a batch that nothing is in the way of. Where the index of the places
 * refuses one, each half is tried by itself: a few that cannot be written take a few
 * statements more.
 */
async function insertSome(
  trx: Knex.Transaction,
  migrations: NewMigration[],
): Promise<Row[]> {
  const rows = await insert(trx, migrations);
  if (rows) {
    return rows;
  }
  if (migrations.length === 1) {
    return [];
  }
  const half = Math.ceil(migrations.length / 2);
  return [
    ...(await insertSome(trx, migrations.slice(0, half))),
    ...(await insertSome(trx, migrations.slice(half))),
  ];
}

type Row = Record<string, any>;

/**
 * The indexes decide, not a query before: of 50 callers at once, 49 wait here
 * for the first and then find its row. Those of `migrations` leave out what is refused.
 * That of the places, `migration_locations`, refuses all with an error, which must leave
 * the transaction usable.
 *
 * @returns undefined where it did, and nothing was written
 */
async function insert(
  trx: Knex.Transaction,
  migrations: NewMigration[],
): Promise<Row[] | undefined> {
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
