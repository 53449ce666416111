import { useApi } from '@backstage/core-plugin-api';
import {
  DatasetSummary,
  ListDatasetsRequest,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

/** Lists change for many reasons at once; a slower beat is enough for them. */
const LIST_POLL_MS = 5_000;

/** One page of the datasets. */
export function useDatasets(
  request: ListDatasetsRequest,
): Live<Page<DatasetSummary>> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: JSON.stringify(request),
    load: ({ signal }) => api.listDatasets(request, { signal }),
    isActive: page => page.items.some(item => item.activeMigration),
    keepPrevious: true,
    pollMs: LIST_POLL_MS,
  });
}
