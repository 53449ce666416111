import {
  ListMigrationsRequest,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import {
  DatasetScope,
  whereDatasetInScope,
} from '../../../permissions/filterDatasets';
import { containing } from '../../containing';
import { fromMigrationRow, MigrationRecord } from '../../MigrationRecord';
import { pageNewestFirst } from '../../pageNewestFirst';
import { whereAwaiting } from './awaiting';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/**
 * A page of migrations, newest first.
 *
 * @throws InputError for a cursor that no earlier page gave
 */
export async function listMigrations(
  knex: Knex,
  request: ListMigrationsRequest,
  scope: DatasetScope,
): Promise<Page<MigrationRecord>> {
  const limit = Math.min(
    Math.max(Math.trunc(request.limit ?? DEFAULT_LIMIT), 1),
    MAX_LIMIT,
  );
  const matching = knex('migrations').where(filter => {
    if (request.datasetRef !== undefined) {
      filter.where('dataset_ref', request.datasetRef);
    }
    if (request.search !== undefined) {
      filter.whereILike('dataset_ref', containing(request.search));
    }
    if (request.campaignId !== undefined) {
      filter.where('campaign_id', request.campaignId);
    }
    if (request.startedBy !== undefined) {
      filter.where('started_by', request.startedBy);
    }
    if (request.state?.length) {
      filter.whereIn('state', request.state);
    }
    if (request.consumerOwner !== undefined) {
      filter
        .where(whereAwaiting)
        .whereExists(
          knex('consumers')
            .select(knex.raw('1'))
            .whereRaw('consumers.dataset_ref = migrations.dataset_ref')
            .where('consumers.owner', request.consumerOwner),
        );
    }
  });
  whereDatasetInScope(knex, matching, 'dataset_ref', scope);

  return pageNewestFirst(knex, {
    list: 'migrations',
    matching,
    limit,
    cursor: request.cursor,
    fromRow: fromMigrationRow,
  });
}
