import { useApi } from '@backstage/core-plugin-api';
import {
  CampaignSummary,
  ListCampaignsRequest,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { isOngoing } from '../campaigns';
import { LIST_BEAT_MS } from './lists';
import { Live, useLive } from './useLive';

/** One page of the campaigns, newest first. */
export function useCampaigns(
  request: ListCampaignsRequest,
): Live<Page<CampaignSummary>> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: JSON.stringify(request),
    load: ({ signal }) => api.campaigns.list(request, { signal }),
    isActive: page => page.items.some(item => isOngoing(item.state)),
    keepPrevious: true,
    pollMs: LIST_BEAT_MS,
  });
}
