import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createBackendModule } from '@backstage/backend-plugin-api';
import { createWorker } from '../../packages/worker/src/createWorker';
// Not for others, and so not exported: only a harness may stop workers.
import { datasetMigrationsCheckpointsExtensionPoint } from '../../plugins/dataset-migrations-backend/src/pipeline/checkpoints';
import { Ambush, ambushEnvironment } from './ambush';

/** The file, taken away so that nobody else finds it. */
function take(file: string): Ambush | undefined {
  const mine = `${file}.${process.pid}`;
  try {
    renameSync(file, mine);
  } catch {
    return undefined;
  }
  const ambush: Ambush = JSON.parse(readFileSync(mine, 'utf8'));
  rmSync(mine);
  return ambush;
}

function peek(file: string): Ambush | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** The worker of the fleet, and one who waits for it at its checkpoints. */
async function main(file: string) {
  const backend = await createWorker();
  backend.add(
    createBackendModule({
      pluginId: 'dataset-migrations',
      moduleId: 'ambush',
      register({ registerInit }) {
        registerInit({
          deps: { checkpoints: datasetMigrationsCheckpointsExtensionPoint },
          async init({ checkpoints }) {
            checkpoints.setHook(async ({ name }) => {
              if (peek(file)?.point !== name) return;
              const ambush = take(file);
              if (!ambush) return;
              if (ambush.skip) {
                writeFileSync(
                  file,
                  JSON.stringify({ ...ambush, skip: ambush.skip - 1 }),
                );
                return;
              }
              process.kill(process.pid, ambush.signal);
            });
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
