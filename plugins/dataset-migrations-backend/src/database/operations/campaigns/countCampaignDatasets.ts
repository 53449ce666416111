import {
  CampaignDatasetState,
  campaignDatasetStates,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

export type CampaignCounts = Record<CampaignDatasetState, number>;

/** @returns zeros for a campaign without datasets */
export async function countCampaignDatasets(
  knex: Knex,
  campaignIds: string[],
): Promise<Map<string, CampaignCounts>> {
  const rows: Array<{
    campaign_id: string;
    state: CampaignDatasetState;
    count: string;
  }> = await knex('campaign_datasets')
    .select('campaign_id', 'state')
    .count({ count: '*' })
    .whereIn('campaign_id', campaignIds)
    .groupBy('campaign_id', 'state');
  const counts = new Map(campaignIds.map(id => [id, none()]));
  for (const { campaign_id: id, state, count } of rows) {
    counts.get(id)![state] = Number(count);
  }
  return counts;
}

/** Of one campaign. */
export async function countDatasetsOf(
  knex: Knex,
  campaignId: string,
): Promise<CampaignCounts> {
  return (await countCampaignDatasets(knex, [campaignId])).get(campaignId)!;
}

/** Of each wave, from 1. */
export async function countByWave(
  knex: Knex,
  campaignId: string,
): Promise<Map<number, CampaignCounts>> {
  const rows: Array<{
    wave: number;
    state: CampaignDatasetState;
    count: string;
  }> = await knex('campaign_datasets')
    .select('wave', 'state')
    .count({ count: '*' })
    .where({ campaign_id: campaignId })
    .whereNotNull('wave')
    .groupBy('wave', 'state');
  return inGroups(rows, ({ wave }) => wave);
}

/** Of each owner as the catalog says now; of those who left it, as it was planned. */
export async function countByOwner(
  knex: Knex,
  campaignId: string,
): Promise<Map<string, CampaignCounts>> {
  const rows: Array<{
    owner: string;
    state: CampaignDatasetState;
    count: string;
  }> = await knex
    .from(
      knex('campaign_datasets AS d')
        .leftJoin('datasets', 'datasets.entity_ref', 'd.dataset_ref')
        .where('d.campaign_id', campaignId)
        .select(
          knex.raw('coalesce(datasets.owner, d.owner) AS owner'),
          'd.state',
        )
        .as('owned'),
    )
    .select('owner', 'state')
    .count({ count: '*' })
    .whereNotNull('owner')
    .groupBy('owner', 'state')
    .orderBy('owner');
  return inGroups(rows, ({ owner }) => owner);
}

/** Migrations of each campaign that ended in the last minutes, per minute. */
export async function endedPerMinute(
  knex: Knex,
  campaignIds: string[],
  minutes: number,
): Promise<Map<string, number>> {
  const rows: Array<{ campaign_id: string; count: string; span: number }> =
    await knex('campaign_datasets')
      .join('campaigns', 'campaigns.id', 'campaign_datasets.campaign_id')
      .select(
        'campaign_id',
        // A campaign that is younger has had less time.
        knex.raw(
          `least(?, greatest(extract(epoch FROM now() - min(campaigns.started_at)) / 60, 0.1))::float8 AS span`,
          [minutes],
        ),
      )
      .count({ count: '*' })
      .whereIn('campaign_id', campaignIds)
      .whereRaw(
        `campaign_datasets.finished_at > now() - make_interval(mins => ?)`,
        [minutes],
      )
      .groupBy('campaign_id');
  return new Map(
    rows.map(row => [row.campaign_id, Number(row.count) / row.span]),
  );
}

function inGroups<
  Row extends { state: CampaignDatasetState; count: string },
  Group,
>(rows: Row[], groupOf: (row: Row) => Group): Map<Group, CampaignCounts> {
  const counts = new Map<Group, CampaignCounts>();
  for (const row of rows) {
    const group = groupOf(row);
    counts.set(group, {
      ...(counts.get(group) ?? none()),
      [row.state]: Number(row.count),
    });
  }
  return counts;
}

function none(): CampaignCounts {
  return Object.fromEntries(
    campaignDatasetStates.map(state => [state, 0]),
  ) as CampaignCounts;
}
