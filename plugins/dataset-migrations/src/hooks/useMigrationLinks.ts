import { useMemo } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef } from '@backstage/core-plugin-api';
import {
  migrateDatasetRouteRef,
  migrationRouteRef,
  rootRouteRef,
} from '../routes';

export interface MigrationLinks {
  root: string;
  migration(id: string): string;
  migrate(datasetRef: string, version?: string): string;
}

/** Addresses of the pages of this plugin, wherever the app has mounted them. */
export function useMigrationLinks(): MigrationLinks {
  const root = useRouteRef(rootRouteRef);
  const migration = useRouteRef(migrationRouteRef);
  const migrate = useRouteRef(migrateDatasetRouteRef);
  return useMemo(
    () => ({
      root: root(),
      migration: id => migration({ id }),
      migrate: (datasetRef, version) => {
        const { kind, namespace, name } = parseEntityRef(datasetRef);
        const path = migrate({
          kind: kind.toLocaleLowerCase('en-US'),
          namespace,
          name,
        });
        return version
          ? `${path}?version=${encodeURIComponent(version)}`
          : path;
      },
    }),
    [root, migration, migrate],
  );
}
