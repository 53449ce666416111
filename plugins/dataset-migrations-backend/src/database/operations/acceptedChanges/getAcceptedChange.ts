import { NotFoundError } from '@backstage/errors';
import { AcceptedChange } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import {
  AcceptedChangeRow,
  fromAcceptedChangeRow,
} from '../../AcceptedChangeRow';

/** @throws NotFoundError when nothing of that id was accepted of the dataset */
export async function getAcceptedChange(
  knex: Knex,
  datasetRef: string,
  id: string,
): Promise<AcceptedChange> {
  const row: AcceptedChangeRow | undefined = await knex('accepted_changes')
    .where({ id, dataset_ref: datasetRef })
    .first();
  if (!row) {
    throw new NotFoundError(
      `There is no accepted change '${id}' of ${datasetRef}`,
    );
  }
  return fromAcceptedChangeRow(row);
}
