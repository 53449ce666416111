import { useCallback, useRef } from 'react';
import { useNavigate } from 'react-router-dom';
import { useApi } from '@backstage/core-plugin-api';
import { StartMigrationRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { isConflict } from '../errors';
import { newIdempotencyKey } from '../idempotency';
import { Action, useAction } from './useAction';
import { useMigrationLinks } from './useMigrationLinks';

/**
 * Starts a migration and goes to its page. However often it is clicked, one
 * visit of a form asks under one key, so that it starts one migration. Another
 * choice is another request and has a key of its own: the same key with another
 * body would be refused.
 */
export function useStartMigration(
  request: StartMigrationRequest,
  onConflict: () => void,
): Action<[]> {
  const api = useApi(datasetMigrationsApiRef);
  const links = useMigrationLinks();
  const navigate = useNavigate();
  const keys = useRef(new Map<string, string>());
  const body = JSON.stringify(request);

  return useAction(
    useCallback(async () => {
      const idempotencyKey = keys.current.get(body) ?? newIdempotencyKey();
      keys.current.set(body, idempotencyKey);
      try {
        const migration = await api.startMigration(
          JSON.parse(body) as StartMigrationRequest,
          { idempotencyKey },
        );
        navigate(links.migration(migration.id));
      } catch (error) {
        if (isConflict(error)) {
          onConflict();
        }
        throw error;
      }
    }, [api, body, links, navigate, onConflict]),
  );
}
