import { useApi } from '@backstage/core-plugin-api';
import { ConsumersResponse } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

/** Who reads a dataset, judged for a target version; by default the next one. */
export function useConsumers(
  datasetRef: string,
  targetVersion: string | undefined,
): Live<ConsumersResponse> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: JSON.stringify([datasetRef, targetVersion]),
    load: ({ signal }) =>
      api.getConsumers(datasetRef, { targetVersion }, { signal }),
    concerns: signal => signal.datasetRef === datasetRef,
    keepPrevious: true,
  });
}
