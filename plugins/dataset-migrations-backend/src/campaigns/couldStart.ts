import { Knex } from 'knex';
import { listStartable } from '../database/operations/campaigns/listStartable';
import { CampaignRecord } from './types';

/**
 * Whether anything of it could start, were it alone: limits of connections and
 * owners make datasets wait, and no wave end.
 */
export async function couldStart(
  knex: Knex,
  campaign: CampaignRecord,
): Promise<boolean> {
  const { batchSize, maxInFlight } = campaign.request.limits;
  const limits = { batchSize, maxInFlight };
  const request = { ...campaign.request, limits };
  const next = await listStartable(knex, { ...campaign, request }, 1);
  return next.length > 0;
}
