import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { datasetMigrationsEnginesExtensionPoint } from '@skein/backstage-plugin-dataset-migrations-node';
import { readSettings } from './config/readSettings';
import { closableEngineFactory } from './engineFactory';

/**
 * Adds the engine for files, when `datasetMigrations.engines.duckdb` is
 * configured.
 *
 * @public
 */
export const datasetMigrationsModuleDuckdb = createBackendModule({
  pluginId: 'dataset-migrations',
  moduleId: 'duckdb',
  register(registration) {
    registration.registerInit({
      deps: {
        engines: datasetMigrationsEnginesExtensionPoint,
        config: coreServices.rootConfig,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
      },
      async init({ engines, config, lifecycle, logger }) {
        if (!readSettings(config)) {
          logger.info(
            'No datasets of files: datasetMigrations.engines.duckdb is not configured',
          );
          return;
        }
        engines.addEngine({
          ...closableEngineFactory,
          async create(options) {
            const engine = await closableEngineFactory.create(options);
            lifecycle.addShutdownHook(() => engine.close());
            return engine;
          },
        });
      },
    });
  },
});
