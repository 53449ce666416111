import { useApi } from '@backstage/core-plugin-api';
import {
  CampaignDataset,
  ListCampaignDatasetsRequest,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { LIST_BEAT_MS } from './lists';
import { Live, useLive } from './useLive';

/**
 * One page of the datasets of a campaign.
 *
 * @param active - whether the campaign goes on
 */
export function useCampaignDatasets(
  campaignId: string,
  request: ListCampaignDatasetsRequest,
  active: boolean,
): Live<Page<CampaignDataset>> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    // Another one once it has ended: the last changes come with its end.
    key: JSON.stringify([campaignId, request, active]),
    load: ({ signal }) =>
      api.campaigns.listDatasets(campaignId, request, { signal }),
    isActive: () => active,
    keepPrevious: true,
    pollMs: LIST_BEAT_MS,
  });
}
