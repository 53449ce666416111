import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../scripts/lib/eventually';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { Version } from '../torture/Material';
import { withPluginDatabase } from '../lib/pluginDatabase';
import { startWorld, World } from '../lib/world';
import {
  OWNER,
  PLACE,
  SmallDataset,
  smallDatasets,
  writeSmallCatalog,
} from './smallDatasets';
import { makeSmallFiles, makeSmallTables, wrongDatasets } from './smallRows';

/** Longer than any test: thousands of entities are read once. */
const NEVER = { hours: 24 };
/** How long the catalog and the read model may take for ten thousand datasets. */
const PATIENCE_SECONDS = 1800;

/** A portal that knows many small datasets, and a fleet of workers. */
export interface ManyWorld extends World {
  datasets: SmallDataset[];
  /** More of them, of which the catalog knows nothing. */
  spare: SmallDataset[];
  /** Of the engines, as `datasetMigrations.engines` has them. */
  engines: Record<'postgres' | 'duckdb', object>;
  workers: Array<Awaited<ReturnType<World['startWorker']>>>;
  /** Starts so many more, and returns when all have signed in. */
  addWorkers(count: number): Promise<void>;
  /** Ends the portal and starts it again, with the catalog that it has read. */
  restartPortal(): Promise<void>;
  /** PostgreSQL URL of the database with the tables. */
  warehouse: string;
  /** Folder above that of the files. */
  filesRoot: string;
  /**
   * Names of the datasets whose rows are not exactly what they must be.
   *
   * @param only - those that are looked at; all by default
   */
  wrongAt(version: Version, only?: SmallDataset[]): Promise<string[]>;
  /** Refs of the datasets that were not migrated exactly once. */
  notOnce(): Promise<string[]>;
}

/**
 * Starts a portal that takes no jobs, and as many workers as asked for, with
 * that many datasets, every other one a table; returns when the read model has
 * them all.
 */
export async function startManyWorld(options: {
  name: string;
  count: number;
  spare?: number;
  workers: number;
  /** Of each dataset; a hundred by default. */
  rows?: number;
  /** Of portal and workers. */
  env?: NodeJS.ProcessEnv;
  /** What runs as the portal; the demo portal by default. */
  portalEntry?: string;
  /** What is special about one of them. */
  vary?: (index: number) => Partial<SmallDataset>;
  /** Further `datasetMigrations` of portal and workers. */
  settings?: object;
  /** Further configuration of portal and workers. */
  config?: object;
  /** Of each worker besides. */
  workerEnv?: (worker: number) => NodeJS.ProcessEnv;
}): Promise<ManyWorld> {
  const { name, count, spare = 0, rows = 100, vary, settings } = options;
  const all = smallDatasets({ count: count + spare, rows }).map(
    (dataset, index) => ({ ...dataset, ...vary?.(index) }),
  );
  const datasets = all.slice(0, count);
  let warehouse = '';
  let filesRoot = '';
  let engines: ManyWorld['engines'];
  const world = await startWorld({
    name,
    configs: [join(ROOT, 'app-config.yaml')],
    env: options.env,
    portalEntry: options.portalEntry,
    config: { ...options.config, datasetMigrations: { roles: ['api'] } },
    async prepare({ dir, connectionString }) {
      filesRoot = join(dir, 'files');
      mkdirSync(filesRoot);
      warehouse = await makeSmallTables(connectionString, all);
      await makeSmallFiles(filesRoot, all);
      engines = enginesConfig({ warehouse, filesRoot });
      const target = writeSmallCatalog(join(dir, 'catalog'), datasets);
      return {
        config: {
          catalog: {
            rules: [{ allow: ['Group', 'Resource', 'Location'] }],
            locations: [{ type: 'file', target }],
            processingInterval: NEVER,
          },
          datasetMigrations: {
            ...settings,
            catalog: { reconcileEvery: NEVER },
            engines,
          },
        },
      };
    },
  });
  const workers: ManyWorld['workers'] = [];
  const addWorkers = async (more: number) => {
    const numbers = Array.from(
      { length: more },
      (_, index) => workers.length + index + 1,
    );
    workers.push(
      ...(await Promise.all(
        numbers.map(number =>
          world.startWorker({
            name: `worker-${number}`,
            config: { datasetMigrations: { roles: ['worker'] } },
            env: options.workerEnv?.(number),
          }),
        ),
      )),
    );
    await eventually('all workers have signed in', async () => {
      const { workersAlive } = await world.client.getQueueStatus();
      return workersAlive === workers.length;
    });
  };
  await Promise.all([addWorkers(options.workers), readCatalog(world, count)]);
  return Object.assign(world, {
    datasets,
    spare: all.slice(count),
    engines: engines!,
    workers,
    addWorkers,
    async restartPortal() {
      const { url } = world.portal;
      await world.portal.stop();
      world.portal = await world.startPortal({
        name: 'portal',
        port: Number(new URL(url).port),
      });
    },
    warehouse,
    filesRoot,
    wrongAt: (version: Version, only = datasets) =>
      wrongDatasets({ warehouse, filesRoot, datasets: only, version }),
    notOnce: () => notMigratedOnce(world.postgres.connectionString, datasets),
    /** What was started here, and nothing else that this process started. */
    async stop() {
      await Promise.all(workers.map(worker => worker.stop()));
      await world.portal.stop();
      await world.postgres.stop();
      rmSync(world.dir, { recursive: true, force: true });
    },
  });
}

/** From the plugin's own table: all that was ever started, by whatever. */
async function notMigratedOnce(
  connectionString: string,
  datasets: SmallDataset[],
): Promise<string[]> {
  const { rows } = await withPluginDatabase(connectionString, client =>
    client.query(
      `SELECT dataset_ref FROM migrations GROUP BY dataset_ref
       HAVING count(*) = 1 AND min(state) = 'succeeded'`,
    ),
  );
  const once = new Set(rows.map(row => row.dataset_ref));
  return datasets.map(({ ref }) => ref).filter(ref => !once.has(ref));
}

/** Waits for the catalog, then has the read model brought up to it. */
async function readCatalog(world: World, count: number): Promise<void> {
  await eventually(
    'the catalog has all datasets',
    async () => {
      const response = await world.request(
        '/api/catalog/entities/by-query?filter=kind=resource&limit=0',
      );
      return (await response.json()).totalItems === count;
    },
    PATIENCE_SECONDS,
  );
  await eventually('the reconciliation is asked for', async () => {
    const { status } = await world.request(
      '/api/dataset-migrations/.backstage/scheduler/v1/tasks/dataset-migrations-reconciliation/trigger',
      { method: 'POST' },
    );
    // It may be at work already, on the first entities that were there.
    return status === 200;
  });
  await eventually(
    'the read model has all datasets',
    async () => {
      const { totalItems } = await world.client.listDatasets({ limit: 1 });
      return totalItems === count;
    },
    PATIENCE_SECONDS,
  );
}

function enginesConfig(options: {
  warehouse: string;
  filesRoot: string;
}): ManyWorld['engines'] {
  return {
    postgres: {
      connections: [
        {
          name: 'many',
          connection: options.warehouse,
          bindings: [{ schema: PLACE, owners: [OWNER] }],
        },
      ],
    },
    duckdb: {
      roots: [
        {
          name: 'many',
          path: options.filesRoot,
          bindings: [{ prefix: PLACE, owners: [OWNER] }],
        },
      ],
    },
  };
}
