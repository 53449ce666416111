import { useApi } from '@backstage/core-plugin-api';
import { QueueStatus } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

const QUEUE_POLL_MS = 5_000;

/** How much waits, how much runs, and on how many workers. */
export function useQueueStatus(): Live<QueueStatus> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: 'queue',
    load: ({ signal }) => api.getQueueStatus({ signal }),
    isActive: () => true,
    pollMs: QUEUE_POLL_MS,
  });
}
