import { Knex } from 'knex';
import {
  CampaignDatasetRecord,
  CampaignRecord,
} from '../../../campaigns/types';
import { fromCampaignDatasetRow } from '../../CampaignRow';
import { isRolledBack } from './isRolledBack';

/**
 * The datasets of a campaign that may start now, in their order: of the waves
 * so far, with all upstreams done, within what may run at a time for one
 * connection and one owner, whichever campaign it is of.
 *
 * @param options.anyTime - those too that wait for a window, or for another try
 * @param options.engines - only those of these engines; of any by default
 */
export async function listStartable(
  knex: Knex,
  campaign: CampaignRecord,
  limit: number,
  options?: StartableOptions,
): Promise<CampaignDatasetRecord[]> {
  const rows = await startable(knex, campaign, limit, [], options).select('*');
  return rows.map(fromCampaignDatasetRow);
}

interface StartableOptions {
  anyTime?: boolean;
  engines?: string[];
}

/** Of those who share limits: how many datasets are in flight, or would be. */
export interface Places {
  owner: string | null;
  engine: string | null;
  connection: string | null;
  count: number;
}

/**
 * How many there are, at most `limit`, by what they would take places of.
 *
 * @param taken - what is to be taken for in flight besides what is
 */
export async function countStartablePlaces(
  knex: Knex,
  campaign: CampaignRecord,
  limit: number,
  taken: Places[],
): Promise<Places[]> {
  return knex
    .from(startable(knex, campaign, limit, taken).select('*').as('ready'))
    .select('owner', 'engine', 'connection', knex.raw('count(*)::int AS count'))
    .groupBy('owner', 'engine', 'connection');
}

function startable(
  knex: Knex,
  { id, request, currentWave }: CampaignRecord,
  limit: number,
  taken: Places[] = [],
  { anyTime = false, engines }: StartableOptions = {},
): Knex.QueryBuilder {
  const { maxInFlightPerConnection, maxInFlightPerOwner } = request.limits;
  const ready = knex('campaign_datasets AS d')
    .where({ 'd.campaign_id': id, 'd.state': 'waiting' })
    .whereRaw('(? OR d.not_before IS NULL OR d.not_before <= now())', [anyTime])
    .whereRaw(
      `NOT EXISTS (
         SELECT FROM campaign_edges AS edge
         JOIN campaign_datasets AS upstream
           ON upstream.campaign_id = edge.campaign_id
           AND upstream.dataset_ref = edge.upstream_ref
         WHERE edge.campaign_id = d.campaign_id
           AND edge.dataset_ref = d.dataset_ref
           AND (upstream.state NOT IN ('succeeded', 'excluded')
             OR ${isRolledBack('upstream')})
       )`,
    );
  if (engines) {
    ready.whereRaw('(d.engine IS NULL OR d.engine = any(?))', [engines]);
  }
  if (request.waves) {
    ready.where('d.wave', '<=', currentWave);
  }
  if (!maxInFlightPerConnection && !maxInFlightPerOwner) {
    return ready.orderBy('position').limit(limit);
  }

  // Ranking looks at all that are ready; without these limits the first do.
  // Who waits for the owner's limit takes no place of the connection's.
  const ofOwners = knex
    .from(ranked(knex, ready.select('d.*'), taken, ['owner']))
    .whereRaw('(?::int IS NULL OR place + busy <= ?::int)', [
      maxInFlightPerOwner ?? null,
      maxInFlightPerOwner ?? null,
    ])
    .select('campaign_id', 'dataset_ref', 'position', 'engine', 'connection');
  const refs = knex
    .from(ranked(knex, ofOwners, taken, ['engine', 'connection']))
    .whereRaw('(?::int IS NULL OR place + busy <= ?::int)', [
      maxInFlightPerConnection ?? null,
      maxInFlightPerConnection ?? null,
    ])
    .select('campaign_id', 'dataset_ref');
  return knex('campaign_datasets')
    .whereIn(['campaign_id', 'dataset_ref'], refs)
    .orderBy('position')
    .limit(limit);
}

/** With its place among those of the same group, and how many of it are in flight. */
function ranked(
  knex: Knex,
  datasets: Knex.QueryBuilder,
  taken: Places[],
  group: string[],
): Knex.Raw {
  const columns = group.map(() => '??').join(', ');
  const same = group.map(() => 'busy.?? IS NOT DISTINCT FROM d.??');
  return knex.raw(
    `(SELECT d.*,
        row_number() OVER (PARTITION BY ${columns} ORDER BY position) AS place,
        coalesce(busy.count, 0) AS busy
      FROM (?) AS d
      LEFT JOIN (
        SELECT ${columns}, sum(count) AS count FROM (
          SELECT ${columns}, count(*) FROM campaign_datasets
          WHERE state = 'active' GROUP BY ${columns}
          UNION ALL
          SELECT ${columns}, count FROM jsonb_to_recordset(?::jsonb)
            AS taken(owner text, engine text, connection text, count int)
        ) AS places GROUP BY ${columns}
      ) AS busy ON ${same.join(' AND ')}) AS ranked`,
    [
      ...group.map(column => `d.${column}`),
      datasets,
      ...group,
      ...group,
      ...group,
      ...group,
      JSON.stringify(taken),
      ...group,
      ...group.flatMap(column => [column, column]),
    ],
  );
}
