import { ConflictError } from '@backstage/errors';
import { AcceptedChange } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import {
  AcceptedChangeRow,
  fromAcceptedChangeRow,
} from '../../AcceptedChangeRow';
import { getAcceptedChange } from './getAcceptedChange';

/**
 * Takes back that a change is accepted; that it was stays known.
 *
 * @throws ConflictError naming who took it back already; NotFoundError
 */
export async function withdrawAcceptedChange(
  trx: Knex.Transaction,
  { datasetRef, id }: Pick<AcceptedChange, 'datasetRef' | 'id'>,
  by: string,
): Promise<AcceptedChange> {
  const [row]: AcceptedChangeRow[] = await trx('accepted_changes')
    .where({ id, dataset_ref: datasetRef })
    .whereNull('withdrawn_at')
    .update({ withdrawn_by: by, withdrawn_at: trx.fn.now() })
    .returning('*');
  if (!row) {
    const { withdrawnBy } = await getAcceptedChange(trx, datasetRef, id);
    throw new ConflictError(`It is taken back already, by ${withdrawnBy}`);
  }
  return fromAcceptedChangeRow(row);
}
