import { useApi } from '@backstage/core-plugin-api';
import { QueueSample } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

const HISTORY_POLL_MS = 15_000;

/** The queue over the last hours, oldest first. */
export function useQueueHistory(hours: number): Live<QueueSample[]> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: String(hours),
    load: async ({ signal }) =>
      (await api.getQueueHistory({ hours }, { signal })).items,
    isActive: () => true,
    keepPrevious: true,
    pollMs: HISTORY_POLL_MS,
  });
}
