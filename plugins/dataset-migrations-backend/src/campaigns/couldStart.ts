import { Knex } from 'knex';
import { listStartable } from '../database/operations/campaigns/listStartable';
import { CampaignRecord } from './types';

/**
 * Whether anything of it could start, were it alone: limits of connections and
 * owners make datasets wait, and no wave end.
 *
 * @param options.anyTime - or could later, without anybody's doing
 */
export async function couldStart(
  knex: Knex,
  campaign: CampaignRecord,
  options?: { anyTime?: boolean },
): Promise<boolean> {
  const { batchSize, maxInFlight } = campaign.request.limits;
  const limits = { batchSize, maxInFlight };
  const request = { ...campaign.request, limits };
  const next = await listStartable(knex, { ...campaign, request }, 1, options);
  return next.length > 0;
}
