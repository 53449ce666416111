import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatasetMigrationsClient } from '@skein/backstage-plugin-dataset-migrations-common';
import { clientAt, clientOf } from '../../scripts/lib/api';
import { stopEverything } from '../../scripts/lib/lifetime.mjs';
import { ROOT, STATE } from '../../scripts/lib/paths.mjs';
import { startPortal, startWorker } from '../../scripts/lib/portal.mjs';
import { startPostgres } from '../../scripts/lib/postgres.mjs';

/** What runs as the portal where nobody needs its pages. */
export const SMALL_PORTAL = join(ROOT, 'e2e-tests/lib/smallPortal.ts');

/** A real portal with its own PostgreSQL, on ports of its own. */
export interface World {
  /** Folder of everything that it keeps; made anew at every start. */
  dir: string;
  postgres: Awaited<ReturnType<typeof startPostgres>>;
  portal: Awaited<ReturnType<typeof startPortal>>;
  /** The API as a service of the house calls it: allowed everything. */
  client: DatasetMigrationsClient;
  /** The API as a demo user calls it. */
  clientOf(userRef: string): Promise<DatasetMigrationsClient>;
  /** Another backend over the same database; on a free port by default. */
  startPortal(options?: {
    name?: string;
    config?: object;
    port?: number;
  }): ReturnType<typeof startPortal>;
  startWorker(options?: {
    name?: string;
    config?: object;
    entry?: string;
    env?: NodeJS.ProcessEnv;
    /** Where it asks the portal; the first one by default. */
    portalUrl?: string;
  }): ReturnType<typeof startWorker>;
  clientAt(url: string): DatasetMigrationsClient;
  /** Any route of the portal, allowed everything: `/api/catalog/…`. */
  request(path: string, init?: RequestInit): Promise<Response>;
  /** Starts the same server again after `postgres.kill9()`. */
  restartPostgres(): Promise<void>;
  stop(): Promise<void>;
}

interface WorldOptions {
  /** Name of the folder below `.skein/worlds`, unique among worlds of one run. */
  name: string;
  configs: string[];
  config?: object;
  env?: NodeJS.ProcessEnv;
  /** What runs as the portal, instead of the demo portal. */
  portalEntry?: string;
  /** Called when PostgreSQL is there and the portal is not. */
  prepare?: (given: {
    dir: string;
    connectionString: string;
  }) => Promise<{ config?: object; env?: Record<string, string> } | void>;
}

/**
 * Starts a world and waits until its portal serves. Whatever a world starts
 * ends with this process.
 */
export async function startWorld(options: WorldOptions): Promise<World> {
  const dir = join(STATE, 'worlds', `${options.name}-${process.pid}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });

  const dataDir = join(dir, 'postgres');
  let postgres = await startPostgres({ dataDir });
  const prepared =
    (await options.prepare?.({
      dir,
      connectionString: postgres.connectionString,
    })) ?? {};

  const token = randomBytes(24).toString('hex');
  const shared = join(dir, 'app-config.world.yaml');
  writeFileSync(
    shared,
    JSON.stringify({
      backend: {
        auth: {
          externalAccess: [
            { type: 'static', options: { token, subject: 'e2e-tests' } },
          ],
        },
      },
    }),
  );
  const extra = join(dir, 'app-config.prepared.yaml');
  writeFileSync(extra, JSON.stringify(prepared.config ?? {}));

  const common = {
    database: postgres,
    configs: [...options.configs, shared, extra],
    env: { ...process.env, ...options.env, ...prepared.env },
  };
  const portal = await startPortal({
    ...common,
    dir: join(dir, 'portal'),
    config: options.config,
    entry: options.portalEntry,
  });

  return {
    dir,
    get postgres() {
      return postgres;
    },
    portal,
    client: clientAt(portal.url, token),
    clientAt: url => clientAt(url, token),
    request: (path, init) =>
      fetch(`${portal.url}${path}`, {
        ...init,
        headers: { ...init?.headers, Authorization: `Bearer ${token}` },
      }),
    clientOf: userRef => clientOf(portal.url, userRef),
    startPortal: ({ name = 'portal-2', config, port } = {}) =>
      startPortal({
        ...common,
        port,
        dir: join(dir, name),
        config: { ...options.config, ...config },
        entry: options.portalEntry,
      }),
    startWorker: ({
      name = 'worker',
      config,
      entry,
      env,
      portalUrl = portal.url,
    } = {}) =>
      startWorker({
        ...common,
        env: { ...common.env, ...env },
        dir: join(dir, name),
        portalUrl,
        config: { ...options.config, ...config },
        entry,
      }),
    async restartPostgres() {
      postgres = await startPostgres({ dataDir, port: postgres.port });
    },
    async stop() {
      // The demo server too, and whatever else was started for this world.
      await stopEverything();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
