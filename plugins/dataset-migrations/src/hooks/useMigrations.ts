import { useApi } from '@backstage/core-plugin-api';
import {
  isActive,
  ListMigrationsRequest,
  MigrationSummary,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { LIST_BEAT_MS } from './lists';
import { Live, useLive } from './useLive';

/** One page of the migrations, newest first. */
export function useMigrations(
  request: ListMigrationsRequest,
): Live<Page<MigrationSummary>> {
  const api = useApi(datasetMigrationsApiRef);
  const { datasetRef } = request;
  return useLive({
    key: JSON.stringify(request),
    load: ({ signal }) => api.listMigrations(request, { signal }),
    concerns: changed =>
      datasetRef === undefined || changed.datasetRef === datasetRef,
    isActive: page => page.items.some(item => isActive(item.state)),
    keepPrevious: true,
    pollMs: LIST_BEAT_MS,
    gapMs: LIST_BEAT_MS,
  });
}
