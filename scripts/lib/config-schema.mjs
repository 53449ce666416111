import { loadConfigSchema, mergeConfigSchemas } from '@backstage/config-loader';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { withLock } from './lock.mjs';
import { onlySecrets } from './only-secrets.mjs';
import { CACHE, ROOT } from './paths.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

/**
 * What the config schema of a backend, and of all that it depends on, says of
 * secrets; so that the backend need not collect and compile the whole of it at
 * every start.
 *
 * @param {'backend' | 'worker'} name - Its folder in `packages/`.
 * @returns {Promise<string>} the file, for `SKEIN_CONFIG_SCHEMA`
 */
export async function compileConfigSchema(name) {
  const { secrets } = await makeFiles(name);
  return secrets;
}

/**
 * The whole config schema of a backend.
 *
 * @param {'backend' | 'worker'} name - Its folder in `packages/`.
 * @returns {Promise<object>} as `loadConfigSchema` takes it: `{ serialized }`
 */
export async function wholeConfigSchema(name) {
  const { whole } = await makeFiles(name);
  return JSON.parse(readFileSync(whole, 'utf8'));
}

async function makeFiles(name) {
  const files = {
    whole: join(CACHE, `${name}-config-schema.json`),
    secrets: join(CACHE, `${name}-config-secrets.json`),
  };
  const stampFile = join(CACHE, `${name}-config-schema.stamp`);
  const plugins = join(ROOT, 'plugins');
  const sources = [
    'yarn.lock',
    'scripts/lib/only-secrets.mjs',
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
    const made = Object.values(files).every(file => existsSync(file));
    if (made && isStamped(stampFile, hash)) return;
    const schema = await loadConfigSchema({
      packagePaths: [join(ROOT, `packages/${name}/package.json`)],
      dependencies: [],
    });
    const serialized = schema.serialize();
    const merged = mergeConfigSchemas(
      serialized.schemas.map(({ value }) => value),
    );
    const secrets = { path: files.whole, value: onlySecrets(merged) };
    writeFileSync(files.whole, JSON.stringify(serialized));
    writeFileSync(
      files.secrets,
      JSON.stringify({ ...serialized, schemas: [secrets] }),
    );
    stamp(stampFile, hash);
  });
  return files;
}
