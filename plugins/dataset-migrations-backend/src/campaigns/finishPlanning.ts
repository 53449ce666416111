import { CampaignDryRun } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { appendCampaignEvent } from '../database/operations/campaigns/campaignEvents';
import { changeCampaign } from '../database/operations/campaigns/changeCampaign';
import { countDatasetsOf } from '../database/operations/campaigns/countCampaignDatasets';
import { getCampaign } from '../database/operations/campaigns/getCampaign';
import { CampaignDependencies } from './dependencies';
import { CampaignRecord } from './types';
import { waveEnds } from './waves';

/**
 * Ends a dry run of which every dataset is planned: gives each its wave, sums up,
 * and starts the campaign where that was asked for.
 */
export async function finishPlanning(
  { knex }: CampaignDependencies,
  { id }: CampaignRecord,
): Promise<void> {
  await knex.transaction(async trx => {
    const campaign = await getCampaign(trx, id, { lock: 'update' });
    const counts = await countDatasetsOf(trx, id);
    if (campaign.state !== 'planning' || counts.pending > 0) {
      return;
    }
    await passOverExcluded(trx, id);
    await giveWaves(trx, campaign, counts.waiting);
    const { autoStart } = campaign.request;
    await changeCampaign(trx, campaign, {
      state: autoStart ? 'running' : 'planned',
      ...(autoStart && { startedAt: new Date() }),
      dryRun: await sumUp(trx, campaign),
    });
    await appendCampaignEvent(trx, id, {
      message: `Planned: ${counts.waiting} datasets can be migrated, ${counts.excluded} are left out`,
    });
    if (autoStart) {
      await appendCampaignEvent(trx, id, { message: 'Started by itself' });
    }
  });
}

/** What is above a dataset that is left out goes before what is below it. */
async function passOverExcluded(
  trx: Knex.Transaction,
  campaignId: string,
): Promise<void> {
  await trx.raw(
    `INSERT INTO campaign_edges (campaign_id, dataset_ref, upstream_ref)
     WITH RECURSIVE above AS (
       SELECT edge.dataset_ref, edge.upstream_ref
       FROM campaign_datasets AS d
       JOIN campaign_edges AS edge USING (campaign_id, dataset_ref)
       WHERE d.campaign_id = :campaignId AND d.state = 'waiting'
       UNION
       SELECT above.dataset_ref, edge.upstream_ref
       FROM above
       JOIN campaign_datasets AS passed
         ON passed.campaign_id = :campaignId
         AND passed.dataset_ref = above.upstream_ref
         AND passed.state = 'excluded'
       JOIN campaign_edges AS edge
         ON edge.campaign_id = :campaignId
         AND edge.dataset_ref = passed.dataset_ref
     )
     SELECT :campaignId, above.dataset_ref, above.upstream_ref
     FROM above
     JOIN campaign_datasets AS upstream
       ON upstream.campaign_id = :campaignId
       AND upstream.dataset_ref = above.upstream_ref
       AND upstream.state <> 'excluded'
     ON CONFLICT DO NOTHING`,
    { campaignId },
  );
}

/** By place among those that will be migrated, upstreams first. */
async function giveWaves(
  trx: Knex.Transaction,
  { id, request }: CampaignRecord,
  total: number,
): Promise<void> {
  if (!request.waves) {
    return;
  }
  await trx.raw(
    `UPDATE campaign_datasets AS d SET wave = placed.wave
     FROM (
       SELECT dataset_ref, 1 + (
         SELECT count(*) FROM unnest(?::int[]) AS wave_end WHERE wave_end < place
       ) AS wave
       FROM (
         SELECT dataset_ref, row_number() OVER (ORDER BY position) AS place
         FROM campaign_datasets WHERE campaign_id = ? AND state = 'waiting'
       ) AS waiting
     ) AS placed
     WHERE d.campaign_id = ? AND d.dataset_ref = placed.dataset_ref`,
    [waveEnds(request.waves, total), id, id],
  );
}

async function sumUp(
  trx: Knex.Transaction,
  { id, dryRun }: CampaignRecord,
): Promise<CampaignDryRun> {
  const total = (path: string) =>
    trx.raw(
      `coalesce(sum((planned #>> '{${path}}')::numeric), 0)::float8 AS ??`,
      [path],
    );
  const [row] = await trx('campaign_datasets')
    .where({ campaign_id: id, state: 'waiting' })
    .select(
      total('rows'),
      total('bytes'),
      total('verdicts,ready'),
      total('verdicts,breaks'),
      total('verdicts,unknown'),
      trx.raw(
        `count(*) FILTER (WHERE jsonb_array_length(planned -> 'blockedBy') > 0)::int AS breaking`,
      ),
      trx.raw(
        `count(*) FILTER (WHERE planned ->> 'strategy' = 'metadata-only')::int AS metadata_only`,
      ),
    );
  return {
    breaking: row.breaking,
    verdicts: {
      ready: row['verdicts,ready'],
      breaks: row['verdicts,breaks'],
      unknown: row['verdicts,unknown'],
    },
    metadataOnly: row.metadata_only,
    rows: row.rows,
    bytes: row.bytes,
    cycles: dryRun?.cycles ?? [],
  };
}
