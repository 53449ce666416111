import { createBackendModule } from '@backstage/backend-plugin-api';
import {
  datasetMigrationsEnginesExtensionPoint,
  EngineFactory,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { readPostgresSettings } from './config';
import { ENGINE_ID } from './locate';
import { PostgresEngine } from './PostgresEngine';

/**
 * Makes the engine for PostgreSQL tables from
 * `datasetMigrations.engines.postgres`; see `config.d.ts`.
 *
 * @public
 */
export const postgresEngineFactory: EngineFactory = {
  id: ENGINE_ID,
  async create({ config, logger }) {
    return new PostgresEngine(readPostgresSettings(config), { logger });
  },
};

/**
 * Adds the engine for PostgreSQL tables to dataset migrations.
 *
 * @public
 */
export const datasetMigrationsModulePostgres = createBackendModule({
  pluginId: 'dataset-migrations',
  moduleId: 'postgres',
  register(reg) {
    reg.registerInit({
      deps: {
        engines: datasetMigrationsEnginesExtensionPoint,
      },
      async init({ engines }) {
        engines.addEngine(postgresEngineFactory);
      },
    });
  },
});
