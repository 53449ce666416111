import { Knex } from 'knex';
import { fromMigrationRow, MigrationRecord } from '../../MigrationRecord';
import { awaitingMigrations } from './awaiting';

/**
 * Those that wait for their consumers and whose deadline is nearer than one of the times
 * before it, while these were told of it last when it was further off.
 *
 * @param beforeSeconds - the times before a deadline
 */
export function listRemindable(
  knex: Knex,
  beforeSeconds: readonly number[],
): Promise<Array<{ id: string }>> {
  return select(knex, beforeSeconds).select('id').orderBy('deadline');
}

/**
 * Keeps others from changing one of them until the transaction ends.
 *
 * @returns undefined when it is none of them any more
 */
export async function lockRemindable(
  trx: Knex.Transaction,
  id: string,
  beforeSeconds: readonly number[],
): Promise<MigrationRecord | undefined> {
  const row = await select(trx, beforeSeconds)
    .where({ id })
    .forUpdate()
    .first();
  return row && fromMigrationRow(row);
}

function select(knex: Knex, beforeSeconds: readonly number[]) {
  return awaitingMigrations(knex)
    .andWhere('deadline', '>', knex.fn.now())
    .whereRaw(
      `EXISTS (
         SELECT FROM unnest(?::float8[]) AS before
         WHERE deadline - make_interval(secs => before) <= now()
           AND deadline - make_interval(secs => before) > coalesce(deadline_told_at, '-infinity'))`,
      [[...beforeSeconds]],
    );
}
