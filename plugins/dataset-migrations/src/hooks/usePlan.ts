import { useApi } from '@backstage/core-plugin-api';
import {
  PlanResponse,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

/**
 * The plan for a target version; nothing while there is none.
 *
 * @param policy - what the engine plans for; the proposed one when absent
 */
export function usePlan(
  datasetRef: string,
  targetVersion: string | undefined,
  policy?: Policy,
): Live<PlanResponse> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: targetVersion && JSON.stringify([datasetRef, targetVersion, policy]),
    load: ({ signal }) =>
      api.plan(
        datasetRef,
        { targetVersion: targetVersion!, policy },
        { signal },
      ),
    concerns: changed => changed.datasetRef === datasetRef,
  });
}
