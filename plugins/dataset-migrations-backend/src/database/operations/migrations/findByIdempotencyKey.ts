import { ConflictError } from '@backstage/errors';
import { Knex } from 'knex';
import { fromMigrationRow, MigrationRecord } from '../../MigrationRecord';

/**
 * The migration that an earlier, equal request of the same caller made.
 *
 * @throws ConflictError when the key was used for another request
 */
export async function findByIdempotencyKey(
  knex: Knex,
  options: Pick<
    MigrationRecord,
    'startedBy' | 'idempotencyKey' | 'requestHash'
  >,
): Promise<MigrationRecord | undefined> {
  const { startedBy, idempotencyKey, requestHash } = options;
  if (idempotencyKey === undefined) {
    return undefined;
  }
  const row = await knex('migrations')
    .where({ started_by: startedBy, idempotency_key: idempotencyKey })
    .first();
  if (!row) {
    return undefined;
  }
  const record = fromMigrationRow(row);
  if (record.requestHash !== requestHash) {
    throw new ConflictError(
      `The idempotency key '${idempotencyKey}' was used for another request, which started migration ${record.id}`,
    );
  }
  return record;
}
