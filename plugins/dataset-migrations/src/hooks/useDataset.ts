import { useApi } from '@backstage/core-plugin-api';
import { Dataset } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

/** One dataset with its versions, problems and active migration. */
export function useDataset(datasetRef: string): Live<Dataset> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: datasetRef,
    load: ({ signal }) => api.getDataset(datasetRef, { signal }),
    concerns: changed => changed.datasetRef === datasetRef,
    isActive: dataset => dataset.activeMigration !== undefined,
  });
}
