import { useApi } from '@backstage/core-plugin-api';
import {
  isActive,
  ListMigrationsRequest,
  MigrationSummary,
  Page,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

const LIST_POLL_MS = 5_000;

/** One page of the migrations, newest first. */
export function useMigrations(
  request: ListMigrationsRequest,
): Live<Page<MigrationSummary>> {
  const api = useApi(datasetMigrationsApiRef);
  const { datasetRef } = request;
  return useLive({
    key: JSON.stringify(request),
    load: ({ signal }) => api.listMigrations(request, { signal }),
    // The list of all would load again with every chunk of every migration;
    // it keeps to its own beat.
    concerns: signal => signal.datasetRef === datasetRef,
    isActive: page => page.items.some(item => isActive(item.state)),
    keepPrevious: true,
    pollMs: LIST_POLL_MS,
  });
}
