import { useCallback } from 'react';
import { useNavigate } from 'react-router-dom';
import { useApi } from '@backstage/core-plugin-api';
import { CreateCampaignRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Action, useAction } from './useAction';
import { useIdempotencyKeys } from './useIdempotencyKeys';
import { useMigrationLinks } from './useMigrationLinks';

/** Creates a campaign, once however often it is clicked, and goes to its page. */
export function useCreateCampaign(): Action<[CreateCampaignRequest]> {
  const api = useApi(datasetMigrationsApiRef);
  const links = useMigrationLinks();
  const navigate = useNavigate();
  const keyOf = useIdempotencyKeys();

  return useAction(
    useCallback(
      async (request: CreateCampaignRequest) => {
        const campaign = await api.campaigns.create(request, {
          idempotencyKey: keyOf(JSON.stringify(request)),
        });
        navigate(links.campaign(campaign.id));
      },
      [api, keyOf, links, navigate],
    ),
  );
}
