import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { eventsServiceRef } from '@backstage/plugin-events-node';
import { ChangeWatch } from './ChangeWatch';
import { DatasetEntityProcessor } from './DatasetEntityProcessor';

/**
 * Teaches the catalog about datasets: checks contracts, migration documents and
 * declarations of consumers, relates consumers to datasets, and publishes an event
 * when what an entity says of either changed.
 *
 * @public
 */
export const catalogModuleDatasetMigrations = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'dataset-migrations',
  register(env) {
    env.registerInit({
      deps: {
        catalog: catalogProcessingExtensionPoint,
        events: eventsServiceRef,
        logger: coreServices.logger,
      },
      async init({ catalog, events, logger }) {
        catalog.addProcessor(
          new DatasetEntityProcessor(new ChangeWatch({ events, logger })),
        );
      },
    });
  },
});
