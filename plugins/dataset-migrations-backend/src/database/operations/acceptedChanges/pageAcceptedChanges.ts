import {
  AcceptedChange,
  ListAcceptedChangesRequest,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { fromAcceptedChangeRow } from '../../AcceptedChangeRow';
import { pageNewestFirst } from '../../pageNewestFirst';

const DEFAULT_LIMIT = 50;

/**
 * What was ever accepted of the changes of a dataset, the last one first.
 *
 * @throws InputError for a cursor that no earlier page gave
 */
export function pageAcceptedChanges(
  knex: Knex,
  datasetRef: string,
  request: ListAcceptedChangesRequest,
): Promise<Page<AcceptedChange>> {
  const { targetVersion, cursor, limit = DEFAULT_LIMIT } = request;
  const matching = knex('accepted_changes').where({ dataset_ref: datasetRef });
  if (targetVersion !== undefined) {
    matching.where({ to_version: targetVersion });
  }
  return pageNewestFirst(knex, {
    list: 'accepted-changes',
    matching,
    limit,
    cursor,
    fromRow: fromAcceptedChangeRow,
  });
}
