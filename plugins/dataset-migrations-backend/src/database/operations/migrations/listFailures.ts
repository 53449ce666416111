import { FailureGroup } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import {
  DatasetScope,
  whereDatasetInScope,
} from '../../../permissions/filterDatasets';

const MAX_GROUPS = 100;

/** Names in quotes, refs and numbers differ from failure to failure. */
const DIFFERING = `'[^']*'|"[^"]*"|\\m[a-z]+:[\\w.-]+/[\\w.-]+|\\m[0-9a-f]{8}-[0-9a-f-]{27}|\\d+([.,]\\d+)*`;

/**
 * Migrations that stand still, grouped by why, most frequent first: only the
 * last of each dataset, for what came after it says more.
 */
export async function listFailures(
  knex: Knex,
  request: { campaignId?: string },
  scope: DatasetScope,
): Promise<FailureGroup[]> {
  const still = knex('migrations')
    .select(
      'id',
      'dataset_ref',
      'state',
      'updated_at',
      knex.raw(`coalesce(error ->> 'stage', stage) AS stage`),
      knex.raw(`coalesce(error ->> 'name', 'Error') AS name`),
      knex.raw(`coalesce(error ->> 'message', '') AS message`),
      knex.raw(
        `regexp_replace(coalesce(error ->> 'message', ''), ?, '…', 'g') AS cause`,
        [DIFFERING],
      ),
    )
    .whereIn('state', ['failed', 'blocked'])
    .whereNotExists(
      knex('migrations AS later')
        .whereRaw('later.dataset_ref = migrations.dataset_ref')
        .whereRaw('later.created_at > migrations.created_at'),
    )
    .modify(query => {
      if (request.campaignId !== undefined) {
        query.where('campaign_id', request.campaignId);
      }
    });
  whereDatasetInScope(knex, still, 'dataset_ref', scope);

  const rows = await knex
    .from(still.as('still'))
    .select(
      'state',
      'stage',
      'name',
      'cause',
      knex.raw('count(*)::int AS count'),
      knex.raw(
        `(array_agg(jsonb_build_object(
           'migrationId', id, 'datasetRef', dataset_ref, 'message', message
         ) ORDER BY updated_at DESC))[1:5] AS latest`,
      ),
    )
    .groupBy('state', 'stage', 'name', 'cause')
    .orderBy([{ column: 'count', order: 'desc' }, 'name', 'cause'])
    .limit(MAX_GROUPS);
  return rows.map(row => ({
    state: row.state,
    stage: row.stage ?? undefined,
    name: row.name,
    cause: row.cause,
    count: row.count,
    latest: row.latest,
  }));
}
