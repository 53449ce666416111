import { useEffect, useRef } from 'react';
import { useApi } from '@backstage/core-plugin-api';
import { MigrationEvent } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { Live, useLive } from './useLive';

const PAGE_SIZE = 500;

export interface MigrationLog {
  events: MigrationEvent[];
  cursor?: string;
}

/**
 * The log of a migration from its first line on. Each refresh asks only for
 * what came since.
 *
 * @param active - whether more lines may come
 */
export function useMigrationEvents(
  id: string,
  active: boolean,
): Live<MigrationLog> {
  const api = useApi(datasetMigrationsApiRef);
  const live = useLive<MigrationLog>({
    key: id,
    load: async ({ signal, previous }) => {
      const events = [...(previous?.events ?? [])];
      let cursor = previous?.cursor;
      for (;;) {
        const page = await api.listMigrationEvents(
          id,
          { cursor, limit: PAGE_SIZE },
          { signal },
        );
        events.push(...page.items);
        cursor = page.nextCursor;
        if (page.items.length < PAGE_SIZE) {
          return { events, cursor };
        }
      }
    },
    concerns: changed => changed.migrationId === id,
    isActive: () => active,
  });

  // The last lines may come together with the final state, and a retry wakes a
  // log that had gone quiet.
  const { refresh } = live;
  const wasActive = useRef(active);
  useEffect(() => {
    if (wasActive.current !== active) {
      wasActive.current = active;
      refresh();
    }
  }, [active, refresh]);

  return live;
}
