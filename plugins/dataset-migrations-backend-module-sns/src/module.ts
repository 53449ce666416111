import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { datasetMigrationsNotifiersExtensionPoint } from '@skein/backstage-plugin-dataset-migrations-node';
import { createClient } from './createClient';
import { readSettings } from './settings';
import { SnsNotifier } from './SnsNotifier';

/**
 * Adds the notifier `sns`, when `datasetMigrations.notifications.sns` is configured.
 *
 * @public
 */
export const datasetMigrationsModuleSns = createBackendModule({
  pluginId: 'dataset-migrations',
  moduleId: 'sns',
  register(registration) {
    registration.registerInit({
      deps: {
        notifiers: datasetMigrationsNotifiersExtensionPoint,
        config: coreServices.rootConfig,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
      },
      async init({ notifiers, config, lifecycle, logger }) {
        const settings = readSettings(config);
        if (!settings) {
          logger.info(
            'Nothing is told through SNS: datasetMigrations.notifications.sns is not configured',
          );
          return;
        }
        const client = await createClient(config, settings);
        lifecycle.addShutdownHook(() => client.destroy());
        notifiers.addNotifiers(
          new SnsNotifier({ client, topicArn: settings.topicArn }),
        );
      },
    });
  },
});
