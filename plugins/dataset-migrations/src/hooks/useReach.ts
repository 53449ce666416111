import { useApi } from '@backstage/core-plugin-api';
import { ReachResponse } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

/** Whom a version of a dataset reaches, wave by wave; by default the next one. */
export function useReach(
  datasetRef: string,
  targetVersion: string | undefined,
): Live<ReachResponse> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: JSON.stringify([datasetRef, targetVersion]),
    load: ({ signal }) =>
      api.getReach(datasetRef, { targetVersion }, { signal }),
    concerns: changed => changed.datasetRef === datasetRef,
    keepPrevious: true,
  });
}
