import { useApi } from '@backstage/core-plugin-api';
import { DatasetMigrationsApi } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

/**
 * Without signals: consumers are waited for for weeks, and each look judges anew.
 */
const POLL_MS = 30_000;

/** Datasets that an entity reads, and how many more there are. */
export type ConsumedDatasets = Awaited<
  ReturnType<DatasetMigrationsApi['getConsumedDatasets']>
>;

/** The datasets that an entity reads. */
export function useConsumedDatasets(entityRef: string): Live<ConsumedDatasets> {
  const api = useApi(datasetMigrationsApiRef);
  const live: Live<ConsumedDatasets> = useLive<ConsumedDatasets>({
    key: entityRef,
    load: async ({ signal }) => {
      const { items, ...rest } = await api.getConsumedDatasets(entityRef, {
        signal,
      });
      return {
        ...rest,
        // A portal of an older release does not say what comes.
        items: items.map(item => ({ ...item, coming: item.coming ?? [] })),
      };
    },
    concerns: changed =>
      live.value?.items.some(
        item => item.dataset.entityRef === changed.datasetRef,
      ) ?? false,
    pollMs: POLL_MS,
    isActive: ({ items }) =>
      items.some(({ coming }) =>
        coming.some(({ migration }) => migration !== undefined),
      ),
  });
  return live;
}
