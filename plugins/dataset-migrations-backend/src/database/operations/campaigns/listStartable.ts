import { Knex } from 'knex';
import {
  CampaignDatasetRecord,
  CampaignRecord,
} from '../../../campaigns/types';
import { fromCampaignDatasetRow } from '../../CampaignRow';

/**
 * The datasets of a campaign that may start now, in their order: of the waves
 * so far, with all upstreams done, within what may run at a time for one
 * connection and one owner, whichever campaign it is of.
 */
export async function listStartable(
  knex: Knex,
  campaign: CampaignRecord,
  limit: number,
): Promise<CampaignDatasetRecord[]> {
  const rows = await startable(knex, campaign, limit).select('*');
  return rows.map(fromCampaignDatasetRow);
}

/** How many there are, at most `limit`. */
export async function countStartable(
  knex: Knex,
  campaign: CampaignRecord,
  limit: number,
): Promise<number> {
  const [{ count }] = await knex
    .from(startable(knex, campaign, limit).select('dataset_ref').as('ready'))
    .count({ count: '*' });
  return Number(count);
}

function startable(
  knex: Knex,
  { id, request, currentWave }: CampaignRecord,
  limit: number,
): Knex.QueryBuilder {
  const { maxInFlightPerConnection, maxInFlightPerOwner } = request.limits;
  const ready = knex('campaign_datasets AS d')
    .where({ 'd.campaign_id': id, 'd.state': 'waiting' })
    .whereRaw('(d.not_before IS NULL OR d.not_before <= now())')
    .whereRaw(
      `NOT EXISTS (
         SELECT FROM campaign_edges AS edge
         JOIN campaign_datasets AS upstream
           ON upstream.campaign_id = edge.campaign_id
           AND upstream.dataset_ref = edge.upstream_ref
         WHERE edge.campaign_id = d.campaign_id
           AND edge.dataset_ref = d.dataset_ref
           AND upstream.state NOT IN ('succeeded', 'excluded')
       )`,
    );
  if (request.waves) {
    ready.where('d.wave', '<=', currentWave);
  }
  if (!maxInFlightPerConnection && !maxInFlightPerOwner) {
    return ready.orderBy('position').limit(limit);
  }

  // Ranking looks at all that are ready; without these limits the first do.
  const ranked = ready.select(
    'd.*',
    knex.raw(
      'row_number() OVER (PARTITION BY engine, connection ORDER BY position) AS nth_of_connection',
    ),
    knex.raw(
      'row_number() OVER (PARTITION BY owner ORDER BY position) AS nth_of_owner',
    ),
  );
  const query = knex.from(ranked.as('ranked'));
  if (maxInFlightPerConnection) {
    query.whereRaw(
      `nth_of_connection <= ? - (
         SELECT count(*) FROM campaign_datasets AS busy
         WHERE busy.state = 'active' AND busy.engine = ranked.engine
           AND busy.connection IS NOT DISTINCT FROM ranked.connection
       )`,
      [maxInFlightPerConnection],
    );
  }
  if (maxInFlightPerOwner) {
    query.whereRaw(
      `nth_of_owner <= ? - (
         SELECT count(*) FROM campaign_datasets AS busy
         WHERE busy.state = 'active'
           AND busy.owner IS NOT DISTINCT FROM ranked.owner
       )`,
      [maxInFlightPerOwner],
    );
  }
  return query.orderBy('position').limit(limit);
}
