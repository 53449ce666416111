import { createRouteRef, createSubRouteRef } from '@backstage/core-plugin-api';

/** The list of datasets and migrations. @public */
export const rootRouteRef = createRouteRef({ id: 'dataset-migrations' });

/** Where a migration of one dataset is looked at and started. @public */
export const migrateDatasetRouteRef = createSubRouteRef({
  id: 'dataset-migrations.migrate',
  parent: rootRouteRef,
  path: '/migrate/:kind/:namespace/:name',
});

/** One migration. @public */
export const migrationRouteRef = createSubRouteRef({
  id: 'dataset-migrations.migration',
  parent: rootRouteRef,
  path: '/migrations/:id',
});

/** The fleet: campaigns, queue, workers, failures. @public */
export const fleetRouteRef = createSubRouteRef({
  id: 'dataset-migrations.fleet',
  parent: rootRouteRef,
  path: '/fleet',
});

/** Where a campaign is created. @public */
export const createCampaignRouteRef = createSubRouteRef({
  id: 'dataset-migrations.create-campaign',
  parent: rootRouteRef,
  path: '/campaigns/new',
});

/** One campaign. @public */
export const campaignRouteRef = createSubRouteRef({
  id: 'dataset-migrations.campaign',
  parent: rootRouteRef,
  path: '/campaigns/:id',
});
