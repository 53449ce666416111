import { Knex } from 'knex';
import { BREAKING_CHANGE } from '../../../planning/judge';

/**
 * Blocked migrations of a campaign by which nobody would break any more: they wait
 * for their windows, or for who may let them go on.
 */
export async function countConsented(
  knex: Knex,
  campaignId: string,
): Promise<number> {
  const row = await knex('migrations')
    .where({ campaign_id: campaignId, state: 'blocked' })
    .whereRaw(`error ->> 'name' IS DISTINCT FROM ?`, [BREAKING_CHANGE])
    .count({ count: '*' })
    .first();
  return Number(row?.count ?? 0);
}
