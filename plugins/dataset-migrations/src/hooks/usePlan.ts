import { useApi } from '@backstage/core-plugin-api';
import { PlanResponse } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

/** The plan for a target version; nothing while there is none. */
export function usePlan(
  datasetRef: string,
  targetVersion: string | undefined,
): Live<PlanResponse> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: targetVersion && JSON.stringify([datasetRef, targetVersion]),
    load: ({ signal }) =>
      api.plan(datasetRef, { targetVersion: targetVersion! }, { signal }),
    concerns: signal => signal.datasetRef === datasetRef,
  });
}
