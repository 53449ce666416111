import { ListCampaignDatasetsRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { decodeCursor, encodeCursor } from '../../../api/cursors';
import { CampaignDatasetRecord } from '../../../campaigns/types';
import {
  DatasetScope,
  whereDatasetInScope,
} from '../../../permissions/filterDatasets';
import { containing } from '../../containing';
import { fromCampaignDatasetRow } from '../../CampaignRow';

const LIST = 'campaign-datasets';
const DEFAULT_LIMIT = 100;

/**
 * A page of the datasets of a campaign, in the order in which they start.
 *
 * @throws InputError for a cursor that no earlier page gave
 */
export async function listCampaignDatasets(
  knex: Knex,
  campaignId: string,
  request: ListCampaignDatasetsRequest,
  scope: DatasetScope,
): Promise<{
  items: CampaignDatasetRecord[];
  nextCursor?: string;
  totalItems: number;
}> {
  const { state, search, owner, limit = DEFAULT_LIMIT } = request;
  const matching = knex('campaign_datasets')
    .where({ campaign_id: campaignId })
    .andWhere(filter => {
      if (state?.length) {
        filter.whereIn('state', state);
      }
      if (owner !== undefined) {
        filter.where('owner', owner);
      }
      if (search !== undefined) {
        filter.whereILike('dataset_ref', containing(search));
      }
    });
  whereDatasetInScope(knex, matching, 'dataset_ref', scope);

  const page = matching
    .clone()
    .orderBy(['position', 'dataset_ref'])
    .limit(limit + 1);
  if (request.cursor !== undefined) {
    const [position, ref] = decodeCursor(
      LIST,
      [/^\d{1,9}$/, /^[^\0]+$/],
      request.cursor,
    );
    page.whereRaw('(position, dataset_ref) > (?::int, ?)', [position, ref]);
  }
  const [rows, [{ count }]] = await Promise.all([
    page,
    matching.clone().count({ count: '*' }),
  ]);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return {
    items: rows.slice(0, limit).map(fromCampaignDatasetRow),
    nextCursor:
      last && encodeCursor(LIST, [String(last.position), last.dataset_ref]),
    totalItems: Number(count),
  };
}

/** Of each dataset those that go before it. */
export async function listUpstreams(
  knex: Knex,
  campaignId: string,
  datasetRefs: string[],
): Promise<Map<string, string[]>> {
  const rows: Array<{ dataset_ref: string; upstream_ref: string }> = await knex(
    'campaign_edges',
  )
    .where({ campaign_id: campaignId })
    .whereRaw('dataset_ref = any(?)', [datasetRefs])
    .orderBy(['dataset_ref', 'upstream_ref']);
  const upstreams = new Map<string, string[]>();
  for (const { dataset_ref: ref, upstream_ref: upstream } of rows) {
    upstreams.set(ref, [...(upstreams.get(ref) ?? []), upstream]);
  }
  return upstreams;
}
