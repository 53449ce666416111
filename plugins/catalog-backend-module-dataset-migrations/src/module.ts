import { createBackendModule } from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { DatasetEntityProcessor } from './DatasetEntityProcessor';

/**
 * Teaches the catalog about datasets: checks contracts, migration documents and
 * declarations of consumers, and relates consumers to datasets.
 *
 * @public
 */
export const catalogModuleDatasetMigrations = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'dataset-migrations',
  register(env) {
    env.registerInit({
      deps: { catalog: catalogProcessingExtensionPoint },
      async init({ catalog }) {
        catalog.addProcessor(new DatasetEntityProcessor());
      },
    });
  },
});
