import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { capture } from './lifetime.mjs';
import { withLock } from './lock.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { Explained, say } from './say.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

const APP = join(ROOT, 'packages/app');

/** What the built pages are made from. */
const SOURCES = [
  'yarn.lock',
  'packages/app',
  'plugins/dataset-migrations',
  'plugins/dataset-migrations-common',
].map(path => join(ROOT, path));

/**
 * Builds the portal's pages into `packages/app/dist`, from where the backend
 * serves them; skips it while their sources are unchanged. Titles, addresses
 * and the like are put in when they are served, so no config matters here.
 */
export async function buildFrontend() {
  const stampFile = join(CACHE, 'frontend.stamp');
  const isBuilt = hash =>
    isStamped(stampFile, hash) && existsSync(join(APP, 'dist/index.html'));

  await withLock(
    join(CACHE, 'frontend.lock'),
    async () => {
      const hash = hashOf(ROOT, SOURCES);
      if (isBuilt(hash)) return;
      say('building the pages; this takes about half a minute ...');
      const { code, output } = await capture(
        process.execPath,
        [
          join(ROOT, 'node_modules/@backstage/cli/bin/backstage-cli'),
          'package',
          'build',
          '--config',
          join(ROOT, 'app-config.yaml'),
        ],
        { cwd: APP },
      );
      if (code !== 0) {
        process.stderr.write(output);
        throw new Explained(
          'the pages could not be built; the reason stands above.',
        );
      }
      stamp(stampFile, hash);
    },
    holder => say(`waiting for process ${holder}, which builds the pages ...`),
  );
}
