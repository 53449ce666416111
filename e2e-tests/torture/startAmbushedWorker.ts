import {
  BackendFeature,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { createWorker } from '../../packages/worker/src/createWorker';
// Not for others, and so not exported: only a harness may stop workers.
import { datasetMigrationsCheckpointsExtensionPoint } from '../../plugins/dataset-migrations-backend/src/pipeline/checkpoints';
import { ambushEnvironment, passCheckpoint } from './ambush';

/**
 * Starts the worker of the fleet, and one who may wait for it at its
 * checkpoints. Ends the process when it does not start.
 *
 * @param features - what a company adds to its workers
 */
export function startAmbushedWorker(
  ...features: Array<Promise<{ default: BackendFeature }>>
): void {
  start(features).catch(error => {
    process.stderr.write(`${error?.stack ?? error}\n`);
    process.exit(1);
  });
}

async function start(features: Array<Promise<{ default: BackendFeature }>>) {
  const folder = process.env[ambushEnvironment] ?? '';
  const backend = await createWorker();
  features.forEach(feature => backend.add(feature));
  backend.add(
    createBackendModule({
      pluginId: 'dataset-migrations',
      moduleId: 'ambush',
      register({ registerInit }) {
        registerInit({
          deps: { checkpoints: datasetMigrationsCheckpointsExtensionPoint },
          async init({ checkpoints }) {
            checkpoints.setHook(async ({ name, migrationId }) =>
              passCheckpoint(folder, name, migrationId),
            );
          },
        });
      },
    }),
  );
  await backend.start();
}
