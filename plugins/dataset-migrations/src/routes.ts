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
