import { Knex } from 'knex';
import { fromMigrationRow, MigrationRecord } from '../../MigrationRecord';

/**
 * Counts one more thing that is told of a migration and that none of its jobs brought
 * about. The job that may be running goes on.
 *
 * @param options.ofDeadline - whether consumers are told of its deadline
 * @returns the migration, locked until the transaction ends
 */
export async function countTold(
  trx: Knex.Transaction,
  id: string,
  options?: { ofDeadline?: boolean },
): Promise<MigrationRecord> {
  const [row] = await trx('migrations')
    .where({ id })
    .increment('times_told')
    .update({
      deadline_told_at: options?.ofDeadline ? trx.fn.now() : undefined,
    })
    .returning('*');
  return fromMigrationRow(row);
}
