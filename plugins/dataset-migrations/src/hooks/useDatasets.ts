import { useApi } from '@backstage/core-plugin-api';
import {
  DatasetsResponse,
  ListDatasetsRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { LIST_BEAT_MS } from './lists';
import { Live, useLive } from './useLive';

/** One page of the datasets. */
export function useDatasets(
  request: ListDatasetsRequest,
): Live<DatasetsResponse> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: JSON.stringify(request),
    load: ({ signal }) => api.listDatasets(request, { signal }),
    concerns: () => true,
    isActive: page => page.items.some(item => item.activeMigration),
    keepPrevious: true,
    pollMs: LIST_BEAT_MS,
    gapMs: LIST_BEAT_MS,
  });
}
