import { createBackendModule } from '@backstage/backend-plugin-api';
import { createWorker } from '../../packages/worker/src/createWorker';
// Not for others, and so not exported: only a harness may stop workers.
import { datasetMigrationsCheckpointsExtensionPoint } from '../../plugins/dataset-migrations-backend/src/pipeline/checkpoints';
import { ambushEnvironment, passCheckpoint } from './ambush';

/** The worker of the fleet, and one who may wait for it at its checkpoints. */
async function main(folder: string) {
  const backend = await createWorker();
  backend.add(
    createBackendModule({
      pluginId: 'dataset-migrations',
      moduleId: 'ambush',
      register({ registerInit }) {
        registerInit({
          deps: { checkpoints: datasetMigrationsCheckpointsExtensionPoint },
          async init({ checkpoints }) {
            checkpoints.setHook(async ({ name }) =>
              passCheckpoint(folder, name),
            );
          },
        });
      },
    }),
  );
  await backend.start();
}

main(process.env[ambushEnvironment] ?? '').catch(error => {
  process.stderr.write(`${error?.stack ?? error}\n`);
  process.exit(1);
});
