import { useApi } from '@backstage/core-plugin-api';
import { ConsumersResponse } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

/**
 * Who reads a dataset, judged for a target version; by default the next one.
 *
 * @param limit - of the consumers that are loaded; 0 for their counts alone
 */
export function useConsumers(
  datasetRef: string,
  targetVersion: string | undefined,
  limit?: number,
): Live<ConsumersResponse> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: JSON.stringify([datasetRef, targetVersion, limit]),
    load: ({ signal }) =>
      api.getConsumers(datasetRef, { targetVersion, limit }, { signal }),
    concerns: changed => changed.datasetRef === datasetRef,
    keepPrevious: true,
  });
}
