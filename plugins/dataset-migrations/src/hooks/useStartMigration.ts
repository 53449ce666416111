import { useCallback } from 'react';
import { useNavigate } from 'react-router-dom';
import { useApi } from '@backstage/core-plugin-api';
import { StartMigrationRequest } from '@skein/backstage-plugin-dataset-migrations-common';
import { datasetMigrationsApiRef } from '../api';
import { isConflict } from '../errors';
import { Action, useAction } from './useAction';
import { useIdempotencyKeys } from './useIdempotencyKeys';
import { useMigrationLinks } from './useMigrationLinks';

/** Starts a migration, once however often it is clicked, and goes to its page. */
export function useStartMigration(
  request: StartMigrationRequest,
  onConflict: () => void,
): Action<[]> {
  const api = useApi(datasetMigrationsApiRef);
  const links = useMigrationLinks();
  const navigate = useNavigate();
  const keyOf = useIdempotencyKeys();
  const body = JSON.stringify(request);

  return useAction(
    useCallback(async () => {
      try {
        const migration = await api.startMigration(
          JSON.parse(body) as StartMigrationRequest,
          { idempotencyKey: keyOf(body) },
        );
        navigate(links.migration(migration.id));
      } catch (error) {
        if (isConflict(error)) {
          onConflict();
        }
        throw error;
      }
    }, [api, body, keyOf, links, navigate, onConflict]),
  );
}
