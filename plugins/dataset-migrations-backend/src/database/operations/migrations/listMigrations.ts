import { ListMigrationsRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import {
  decodeCursor,
  encodeCursor,
  TIMESTAMP,
  UUID,
} from '../../../api/cursors';
import {
  DatasetScope,
  whereDatasetInScope,
} from '../../../permissions/filterDatasets';
import { containing } from '../../containing';
import { fromMigrationRow, MigrationRecord } from '../../MigrationRecord';

const LIST = 'migrations';
const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 100;

/**
 * A page of migrations, newest first, by keyset: a row that comes meanwhile
 * moves no other to another page.
 *
 * @throws InputError for a cursor that no earlier page gave
 */
export async function listMigrations(
  knex: Knex,
  request: ListMigrationsRequest,
  scope: DatasetScope,
): Promise<{
  items: MigrationRecord[];
  nextCursor?: string;
  totalItems: number;
}> {
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
  });
  whereDatasetInScope(knex, matching, 'dataset_ref', scope);

  const page = matching
    .clone()
    // Milliseconds would lose the digits that tell two rows apart.
    .select('*', knex.raw('created_at::text AS position'))
    .orderBy([
      { column: 'created_at', order: 'desc' },
      { column: 'id', order: 'desc' },
    ])
    .limit(limit + 1);
  if (request.cursor !== undefined) {
    page.whereRaw(
      '(created_at, id) < (?::timestamptz, ?::uuid)',
      decodeCursor(LIST, [TIMESTAMP, UUID], request.cursor),
    );
  }

  const [rows, [{ count }]] = await Promise.all([
    page,
    matching.clone().count({ count: '*' }),
  ]);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(fromMigrationRow),
    nextCursor: last && encodeCursor(LIST, [last.position, last.id]),
    totalItems: Number(count),
  };
}
