import { useApi } from '@backstage/core-plugin-api';
import { Campaign } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { isOngoing } from '../campaigns';
import { Live, useLive } from './useLive';

/** One campaign, live until nothing of it goes on; campaigns have no signal. */
export function useCampaign(id: string | undefined): Live<Campaign> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: id,
    load: ({ signal }) => api.campaigns.get(id!, { signal }),
    isActive: campaign => isOngoing(campaign.state),
  });
}
