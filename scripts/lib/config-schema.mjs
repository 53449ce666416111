import { loadConfigSchema } from '@backstage/config-loader';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

/**
 * Compiles the config schema of the worker and all that it depends on, so that
 * a worker need not do it at every start.
 *
 * @returns {Promise<string>} the file, for `SKEIN_CONFIG_SCHEMA`
 */
export async function compileConfigSchema() {
  const file = join(CACHE, 'worker-config-schema.json');
  const stampFile = join(CACHE, 'worker-config-schema.stamp');
  const plugins = join(ROOT, 'plugins');
  const sources = [
    'yarn.lock',
    'packages/worker/package.json',
    ...readdirSync(plugins).flatMap(name => [
      `plugins/${name}/config.d.ts`,
      `plugins/${name}/package.json`,
    ]),
  ].map(path => join(ROOT, path));

  mkdirSync(CACHE, { recursive: true });
  await withLock(join(CACHE, 'worker-config-schema.lock'), async () => {
    const hash = hashOf(ROOT, sources);
    if (isStamped(stampFile, hash) && existsSync(file)) return;
    const schema = await loadConfigSchema({
      packagePaths: [join(ROOT, 'packages/worker/package.json')],
      dependencies: [],
    });
    writeFileSync(file, JSON.stringify(schema.serialize()));
    stamp(stampFile, hash);
  });
  return file;
}
