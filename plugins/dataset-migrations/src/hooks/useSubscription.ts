import { useCallback } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import { Subscription } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Action, useAction } from './useAction';
import { Live, useLive } from './useLive';

/** Whether the user follows a dataset, and how to change that. */
export function useSubscription(
  datasetRef: string,
): Live<Subscription> & { follow: Action<[boolean]> } {
  const api = useApi(datasetMigrationsApiRef);
  const live = useLive<Subscription>({
    key: datasetRef,
    load: ({ signal }) => api.getSubscription(datasetRef, { signal }),
  });
  const { replace } = live;
  const follow = useAction(
    useCallback(
      async (following: boolean) =>
        replace(await api.setSubscription(datasetRef, { following })),
      [api, datasetRef, replace],
    ),
  );
  return { ...live, follow };
}
