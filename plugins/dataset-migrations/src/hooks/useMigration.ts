import { useApi } from '@backstage/core-plugin-api';
import {
  isActive,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

/** One migration, live until its state is final. */
export function useMigration(id: string | undefined): Live<Migration> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: id,
    load: ({ signal }) => api.getMigration(id!, { signal }),
    concerns: changed => changed.migrationId === id,
    isActive: migration => isActive(migration.state),
  });
}
