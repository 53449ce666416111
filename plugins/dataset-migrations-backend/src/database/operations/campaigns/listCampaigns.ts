import {
  CampaignState,
  ListCampaignsRequest,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { CampaignRecord } from '../../../campaigns/types';
import { fromCampaignRow } from '../../CampaignRow';
import { pageNewestFirst } from '../../pageNewestFirst';

const DEFAULT_LIMIT = 20;

/**
 * A page of campaigns, newest first.
 *
 * @throws InputError for a cursor that no earlier page gave
 */
export async function listCampaigns(
  knex: Knex,
  request: ListCampaignsRequest,
): Promise<Page<CampaignRecord>> {
  const matching = knex('campaigns').where(filter => {
    if (request.state?.length) {
      filter.whereIn('state', request.state);
    }
  });
  return pageNewestFirst(knex, {
    list: 'campaigns',
    matching,
    limit: request.limit ?? DEFAULT_LIMIT,
    cursor: request.cursor,
    fromRow: fromCampaignRow,
  });
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
