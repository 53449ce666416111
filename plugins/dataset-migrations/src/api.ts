import { createApiRef } from '@backstage/core-plugin-api';
import { DatasetMigrationsApi } from '@skein/backstage-plugin-dataset-migrations-common';

/**
 * The typed client of the backend, as the pages use it. Replace it in an app
 * to point the pages somewhere else.
 *
 * @public
 */
export const datasetMigrationsApiRef = createApiRef<DatasetMigrationsApi>({
  id: 'plugin.dataset-migrations.client',
});
