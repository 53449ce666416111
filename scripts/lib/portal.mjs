import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBackend } from './backend-process.mjs';
import { compileConfigSchema } from './config-schema.mjs';
import { ROOT } from './paths.mjs';
import { freePort, onFreePort } from './ports.mjs';
import { findPython, PYTHON_CONFIG } from './python.mjs';

const LOOPBACK = '127.0.0.1';

/**
 * @typedef {object} Connection
 * @property {string} host
 * @property {number} port
 * @property {string} user
 * @property {string} password
 */

/**
 * Writes a config file that only this user can read, as it holds a password.
 * JSON is YAML.
 *
 * @param {string} file
 * @param {object} config
 */
export function writeConfig(file, config) {
  writeFileSync(file, `${JSON.stringify(config, undefined, 2)}\n`, {
    mode: 0o600,
  });
  return file;
}

/**
 * The part of `backend` that says where its databases are, if anywhere.
 *
 * @param {Connection | undefined} connection
 * @param {string} [prefix]
 */
export function databaseConfig(connection, prefix) {
  if (!connection) return {};
  const { host, port, user, password } = connection;
  return {
    database: {
      client: 'pg',
      connection: { host, port, user, password },
      ...(prefix ? { prefix } : {}),
    },
  };
}

/** The config files of the demo portal, those that are there. */
export function portalConfigs() {
  return [
    join(ROOT, 'app-config.yaml'),
    join(ROOT, 'examples/app-config.demo.yaml'),
    ...(findPython() ? [PYTHON_CONFIG] : []),
    join(ROOT, 'app-config.local.yaml'),
  ].filter(existsSync);
}

/** An environment in which the backend serves its metrics locally on a port. */
function metricsEnvironment(env, port) {
  return {
    ...env,
    SKEIN_METRICS_PORT: String(port),
    OTEL_EXPORTER_PROMETHEUS_HOST: LOOPBACK,
  };
}

/** Starts a backend on the port that somebody wants, or else on a free one. */
function onPort(port, start) {
  return port === undefined ? onFreePort(start) : start(port);
}

/**
 * Starts the portal: `packages/backend`, which serves the pages too.
 *
 * @param {object} options
 * @param {string} options.dir - A folder of its own for config and log.
 * @param {Connection} [options.database] - Where its databases are; without it
 *   the config files must say.
 * @param {string} [options.databasePrefix] - Of the names of its databases.
 * @param {number} [options.port] - A free one by default.
 * @param {number} [options.metricsPort] - A free one by default.
 * @param {string[]} [options.configs] - Config files; those of the demo portal
 *   by default.
 * @param {object} [options.config] - Further config, stronger than the files.
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {Parameters<typeof startBackend>[0]['onLog']} [options.onLog]
 * @param {string} [options.entry] - What runs; `packages/backend` by default.
 * @returns {Promise<import('./backend-process.mjs').BackendProcess & { metricsUrl: string }>}
 */
export async function startPortal({
  dir,
  database,
  databasePrefix,
  port,
  metricsPort,
  configs = portalConfigs(),
  config = {},
  env = process.env,
  onLog,
  entry = join(ROOT, 'packages/backend/src/index.ts'),
}) {
  mkdirSync(dir, { recursive: true });
  const metrics = metricsPort ?? (await freePort());
  const schema = await compileConfigSchema('backend');
  const backend = await onPort(port, listen => {
    const url = `http://localhost:${listen}`;
    const generated = writeConfig(join(dir, 'app-config.portal.yaml'), {
      app: { baseUrl: url },
      backend: {
        baseUrl: url,
        listen: { port: listen },
        ...databaseConfig(database, databasePrefix),
      },
    });
    const files = [...configs, generated];
    if (Object.keys(config).length) {
      files.push(writeConfig(join(dir, 'app-config.extra.yaml'), config));
    }
    return startBackend({
      name: 'the portal',
      entry,
      configs: files,
      url,
      logFile: join(dir, 'portal.log'),
      env: {
        ...metricsEnvironment(env, metrics),
        SKEIN_CONFIG_SCHEMA: schema,
      },
      onLog,
    });
  });
  return {
    ...backend,
    metricsUrl: `http://${LOOPBACK}:${metrics}/metrics`,
  };
}

/**
 * Starts a worker of the fleet: `packages/worker`. It needs the portal's
 * database and the portal itself, which it asks about entities and permissions.
 *
 * @param {object} options
 * @param {string} options.dir - A folder of its own for config and log.
 * @param {string} options.portalUrl
 * @param {Connection} [options.database] - As the portal has it.
 * @param {string} [options.databasePrefix] - As the portal has it.
 * @param {number} [options.port] - Of its health checks; a free one by default.
 * @param {number} [options.metricsPort] - A free one by default.
 * @param {string[]} [options.configs]
 * @param {object} [options.config]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {Parameters<typeof startBackend>[0]['onLog']} [options.onLog]
 * @param {string} [options.entry] - What runs; `packages/worker` by default.
 * @returns {Promise<import('./backend-process.mjs').BackendProcess & { metricsUrl: string }>}
 */
export async function startWorker({
  dir,
  portalUrl,
  database,
  databasePrefix,
  port,
  metricsPort,
  configs = portalConfigs(),
  config = {},
  env = process.env,
  onLog,
  entry = join(ROOT, 'packages/worker/src/index.ts'),
}) {
  mkdirSync(dir, { recursive: true });
  const metrics = metricsPort ?? (await freePort());
  const generated = writeConfig(join(dir, 'app-config.worker.yaml'), {
    backend: databaseConfig(database, databasePrefix),
  });
  const files = [...configs, join(ROOT, 'app-config.worker.yaml'), generated];
  if (Object.keys(config).length) {
    files.push(writeConfig(join(dir, 'app-config.extra.yaml'), config));
  }
  const schema = await compileConfigSchema('worker');
  const backend = await onPort(port, listen =>
    startBackend({
      name: 'the worker',
      entry,
      configs: files,
      url: `http://${LOOPBACK}:${listen}`,
      logFile: join(dir, 'worker.log'),
      env: {
        ...metricsEnvironment(env, metrics),
        SKEIN_PORTAL_URL: portalUrl,
        SKEIN_WORKER_HOST: LOOPBACK,
        SKEIN_WORKER_PORT: String(listen),
        SKEIN_CONFIG_SCHEMA: schema,
      },
      onLog,
    }),
  );
  return {
    ...backend,
    metricsUrl: `http://${LOOPBACK}:${metrics}/metrics`,
  };
}
