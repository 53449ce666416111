import { NotFoundError } from '@backstage/errors';
import { Knex } from 'knex';
import { UUID } from '../../../api/cursors';
import { fromMigrationRow, MigrationRecord } from '../../MigrationRecord';

/**
 * @param options.lock - keeps others from changing it until the transaction ends
 * @throws NotFoundError
 */
export async function getMigration(
  knex: Knex,
  id: string,
  options?: { lock?: boolean },
): Promise<MigrationRecord> {
  const query = knex('migrations').where({ id });
  const row = UUID.test(id)
    ? await (options?.lock ? query.forUpdate() : query).first()
    : undefined;
  if (!row) {
    throw new NotFoundError(`There is no migration '${id}'`);
  }
  return fromMigrationRow(row);
}
