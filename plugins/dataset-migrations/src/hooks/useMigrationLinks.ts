import { useMemo } from 'react';
import { parseEntityRef } from '@backstage/catalog-model';
import { useRouteRef } from '@backstage/core-plugin-api';
import { MigrationState } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  campaignRouteRef,
  createCampaignRouteRef,
  fleetRouteRef,
  migrateDatasetRouteRef,
  migrationRouteRef,
  rootRouteRef,
} from '../routes';

export interface MigrationLinks {
  root: string;
  /** All migrations, or those that a filter lets through. */
  migrations(filter?: { state?: MigrationState; campaign?: string }): string;
  migration(id: string): string;
  migrate(datasetRef: string, version?: string): string;
  fleet: string;
  createCampaign: string;
  /** A campaign, its datasets all or those of one owner. */
  campaign(id: string, filter?: { owner?: string }): string;
}

/** Addresses of the pages of this plugin, wherever the app has mounted them. */
export function useMigrationLinks(): MigrationLinks {
  const root = useRouteRef(rootRouteRef);
  const migration = useRouteRef(migrationRouteRef);
  const migrate = useRouteRef(migrateDatasetRouteRef);
  const fleet = useRouteRef(fleetRouteRef);
  const createCampaign = useRouteRef(createCampaignRouteRef);
  const campaign = useRouteRef(campaignRouteRef);
  return useMemo(
    () => ({
      root: root(),
      migrations: ({ state, campaign: id } = {}) => {
        const search = new URLSearchParams({
          ...(state && { state }),
          ...(id && { campaign: id }),
        });
        return `${root()}/migrations${search.size > 0 ? `?${search}` : ''}`;
      },
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
      fleet: fleet(),
      createCampaign: createCampaign(),
      campaign: (id, { owner } = {}) => {
        const search = owner ? `?${new URLSearchParams({ owner })}` : '';
        return `${campaign({ id })}${search}`;
      },
    }),
    [root, migration, migrate, fleet, createCampaign, campaign],
  );
}
