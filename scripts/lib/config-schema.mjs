import { loadConfigSchema } from '@backstage/config-loader';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

/**
 * Compiles the config schema of a backend and all that it depends on, so that
 * it need not do so at every start.
 *
 * @param {'backend' | 'worker'} name - Its folder in `packages/`.
 * @returns {Promise<string>} the file, for `SKEIN_CONFIG_SCHEMA`
 */
export async function compileConfigSchema(name) {
  const file = join(CACHE, `${name}-config-schema.json`);
  const stampFile = join(CACHE, `${name}-config-schema.stamp`);
  const plugins = join(ROOT, 'plugins');
  const sources = [
    'yarn.lock',
    'packages/app/config.d.ts',
    `packages/${name}/package.json`,
    ...readdirSync(plugins).flatMap(plugin => [
      `plugins/${plugin}/config.d.ts`,
      `plugins/${plugin}/package.json`,
    ]),
  ].map(path => join(ROOT, path));

  mkdirSync(CACHE, { recursive: true });
  await withLock(join(CACHE, `${name}-config-schema.lock`), async () => {
    const hash = hashOf(ROOT, sources);
    if (isStamped(stampFile, hash) && existsSync(file)) return;
    const schema = await loadConfigSchema({
      packagePaths: [join(ROOT, `packages/${name}/package.json`)],
      dependencies: [],
    });
    writeFileSync(file, JSON.stringify(schema.serialize()));
    stamp(stampFile, hash);
  });
  return file;
}
