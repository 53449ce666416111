import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { randomBytes } from 'node:crypto';
import { join, resolve } from 'node:path';
import { prepareFiles } from './demo-world/files.mjs';
import { prepareWarehouse } from './demo-world/warehouse.mjs';
import { findPython, pythonEnvironment } from './lib/python.mjs';

/**
 * Makes the demo world: datasets as files under `dir/files`, and as tables in a
 * PostgreSQL database. What is there already is left as it is,
 * migrated or not, so the second call takes milliseconds.
 *
 * @param {object} options
 * @param {string} options.adminConnectionString - PostgreSQL URL of a role that
 *   may create databases.
 * @param {string} options.dir - Folder of this world; made if need be.
 * @param {(message: string) => void} options.log
 * @param {string} [options.database] - Name of the warehouse's database.
 * @param {boolean} [options.reset] - Starts from a clean world: everything that
 *   a migration has made of this one is lost.
 * @returns {Promise<{
 *   filesRoot: string,
 *   warehouseConnectionString: string,
 *   webhookSecret: string,
 *   lineageToken: string,
 *   env: Record<string, string>,
 * }>} `env` is what the config files of examples/ read; the address of the demo
 *   server comes from `startDemoReceiver`.
 */
export async function prepareDemoWorld({
  adminConnectionString,
  dir,
  log,
  database = 'warehouse',
  reset = false,
}) {
  const filesRoot = resolve(dir, 'files');
  await mkdir(dir, { recursive: true });
  if (reset) await rm(filesRoot, { recursive: true, force: true });

  const files = await prepareFiles(filesRoot);
  if (files.length) log(`copied the files of ${files.join(', ')}`);

  const warehouse = await prepareWarehouse({
    adminConnectionString,
    database,
    reset,
  });
  if (warehouse.made.length) {
    log(`filled the tables ${warehouse.made.join(', ')}`);
  }

  // In the form of Standard Webhooks.
  const webhookSecret = await keepSecret(
    join(dir, 'webhook-secret'),
    () => `whsec_${randomBytes(32).toString('base64')}`,
  );
  const lineageToken = await keepSecret(join(dir, 'lineage-token'), () =>
    randomBytes(24).toString('hex'),
  );
  const python = findPython();
  return {
    filesRoot,
    warehouseConnectionString: warehouse.connectionString,
    webhookSecret,
    lineageToken,
    env: {
      SKEIN_DEMO_FILES: filesRoot,
      SKEIN_DEMO_SPILL: resolve(dir, 'spill'),
      SKEIN_DEMO_WAREHOUSE: warehouse.connectionString,
      SKEIN_DEMO_WEBHOOK_SECRET: webhookSecret,
      SKEIN_DEMO_LINEAGE_TOKEN: lineageToken,
      ...(python && pythonEnvironment(python)),
    },
  };
}

/** Made once, readable by this user only. */
async function keepSecret(file, make) {
  if (!existsSync(file)) {
    await writeFile(file, make(), { mode: 0o600 });
  }
  return readFile(file, 'utf8');
}
