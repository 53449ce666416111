import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { scaffolderActionsExtensionPoint } from '@backstage/plugin-scaffolder-node';
import { DatasetMigrationsClient } from '@skein/backstage-plugin-dataset-migrations-common';
import { createCampaignAction } from './actions/createCampaignAction';
import { createConsumersAction } from './actions/createConsumersAction';
import { createMigrateAction } from './actions/createMigrateAction';

/**
 * Adds `dataset:migrate`, `dataset:consumers` and `dataset:campaign` to the
 * scaffolder.
 *
 * @public
 */
export const scaffolderModuleDatasetMigrations = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'dataset-migrations',
  register(reg) {
    reg.registerInit({
      deps: {
        scaffolder: scaffolderActionsExtensionPoint,
        auth: coreServices.auth,
        config: coreServices.rootConfig,
        discovery: coreServices.discovery,
      },
      async init({ scaffolder, auth, config, discovery }) {
        const api = new DatasetMigrationsClient({ discoveryApi: discovery });
        scaffolder.addActions(
          createMigrateAction({ api, auth, config }),
          createConsumersAction({ api, auth }),
          createCampaignAction({ api, auth, config }),
        );
      },
    });
  },
});
