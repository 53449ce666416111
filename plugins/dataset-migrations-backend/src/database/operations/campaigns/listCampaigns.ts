import {
  CampaignState,
  ListCampaignsRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import {
  decodeCursor,
  encodeCursor,
  TIMESTAMP,
  UUID,
} from '../../../api/cursors';
import { CampaignRecord } from '../../../campaigns/types';
import { fromCampaignRow } from '../../CampaignRow';

const LIST = 'campaigns';
const DEFAULT_LIMIT = 20;

/**
 * A page of campaigns, newest first, by keyset.
 *
 * @throws InputError for a cursor that no earlier page gave
 */
export async function listCampaigns(
  knex: Knex,
  request: ListCampaignsRequest,
): Promise<{
  items: CampaignRecord[];
  nextCursor?: string;
  totalItems: number;
}> {
  const limit = request.limit ?? DEFAULT_LIMIT;
  const matching = knex('campaigns').where(filter => {
    if (request.state?.length) {
      filter.whereIn('state', request.state);
    }
  });
  const page = matching
    .clone()
    .select('*', knex.raw('created_at::text AS place'))
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
    items: rows.slice(0, limit).map(fromCampaignRow),
    nextCursor: last && encodeCursor(LIST, [last.place, last.id]),
    totalItems: Number(count),
  };
}

/** All campaigns in one of the states, oldest first: each gets its turn. */
export async function listCampaignsIn(
  knex: Knex,
  states: CampaignState[],
): Promise<CampaignRecord[]> {
  const rows = await knex('campaigns')
    .whereIn('state', states)
    .orderBy(['created_at', 'id']);
  return rows.map(fromCampaignRow);
}
