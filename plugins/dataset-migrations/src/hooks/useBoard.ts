import { useApi } from '@backstage/core-plugin-api';
import {
  Board,
  BoardRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { LIST_BEAT_MS } from './lists';
import { Live, useLive } from './useLive';

/** One page of the consumers of a migration, who stands in the way first. */
export function useBoard(
  migrationId: string,
  request: BoardRequest,
): Live<Board> {
  const api = useApi(datasetMigrationsApiRef);
  return useLive({
    key: JSON.stringify([migrationId, request]),
    load: ({ signal }) => api.getBoard(migrationId, request, { signal }),
    concerns: changed => changed.migrationId === migrationId,
    isActive: board => board.current,
    keepPrevious: true,
    pollMs: LIST_BEAT_MS,
  });
}
