import { useApi } from '@backstage/core-plugin-api';
import { PreviewResponse } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

const PREVIEW_ROWS = 8;

/** Some real rows before and after. */
export function usePreview(
  datasetRef: string,
  targetVersion: string,
): Live<PreviewResponse> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: JSON.stringify([datasetRef, targetVersion]),
    load: ({ signal }) =>
      api.preview(
        datasetRef,
        { targetVersion, limit: PREVIEW_ROWS },
        { signal },
      ),
  });
}
