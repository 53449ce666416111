import { Knex } from 'knex';
import { inBatches } from '../../inBatches';

/** A dataset that was selected. */
export interface SelectedDataset {
  datasetRef: string;
  position: number;
  level: number;
  upstreams: string[];
  /** Why it is left out. */
  excluded?: string;
}

/** Writes the datasets of a campaign and what goes before each. */
export async function insertCampaignDatasets(
  trx: Knex.Transaction,
  campaignId: string,
  datasets: SelectedDataset[],
): Promise<void> {
  await inBatches(datasets, async batch => {
    await trx('campaign_datasets').insert(
      batch.map(({ datasetRef, position, level, excluded }) => ({
        campaign_id: campaignId,
        dataset_ref: datasetRef,
        position,
        level,
        state: excluded === undefined ? 'pending' : 'excluded',
        reason: excluded ?? null,
      })),
    );
    return [];
  });
  const edges = datasets.flatMap(({ datasetRef, upstreams }) =>
    upstreams.map(upstreamRef => ({
      campaign_id: campaignId,
      dataset_ref: datasetRef,
      upstream_ref: upstreamRef,
    })),
  );
  await inBatches(edges, async batch => {
    await trx('campaign_edges').insert(batch);
    return [];
  });
}
