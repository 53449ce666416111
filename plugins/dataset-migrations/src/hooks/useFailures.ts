import { useApi } from '@backstage/core-plugin-api';
import { FailureGroup } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

const FAILURES_POLL_MS = 10_000;

/**
 * Failed and blocked migrations by cause, of one campaign or of all.
 *
 * @param active - whether more of them may come
 */
export function useFailures(
  campaignId: string | undefined,
  active: boolean,
): Live<FailureGroup[]> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: JSON.stringify([campaignId, active]),
    load: async ({ signal }) =>
      (await api.listFailures({ campaignId }, { signal })).items,
    isActive: () => active,
    keepPrevious: true,
    pollMs: FAILURES_POLL_MS,
  });
}
