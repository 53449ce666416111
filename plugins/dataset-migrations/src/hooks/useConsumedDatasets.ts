import { useApi } from '@backstage/core-plugin-api';
import { ConsumedDataset } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

/**
 * Without signals: consumers are waited for for weeks, and each look judges anew.
 */
const POLL_MS = 30_000;

/** The datasets that an entity reads. */
export function useConsumedDatasets(
  entityRef: string,
): Live<ConsumedDataset[]> {
  const api = useApi(datasetMigrationsApiRef);
  const live: Live<ConsumedDataset[]> = useLive<ConsumedDataset[]>({
    key: entityRef,
    load: async ({ signal }) =>
      (await api.getConsumedDatasets(entityRef, { signal })).items,
    concerns: changed =>
      live.value?.some(item => item.dataset.entityRef === changed.datasetRef) ??
      false,
    pollMs: POLL_MS,
    isActive: items =>
      items.some(({ coming }) =>
        coming.some(({ migration }) => migration !== undefined),
      ),
  });
  return live;
}
