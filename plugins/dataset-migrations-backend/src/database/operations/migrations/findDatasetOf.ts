import { Knex } from 'knex';
import { UUID } from '../../../api/cursors';

/** @returns the dataset of a migration, undefined where there is no such migration */
export async function findDatasetOf(
  knex: Knex,
  id: string,
): Promise<string | undefined> {
  const row: { dataset_ref: string } | undefined = UUID.test(id)
    ? await knex('migrations').where({ id }).first('dataset_ref')
    : undefined;
  return row?.dataset_ref;
}
