import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from '../../scripts/lib/eventually';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { Version } from '../torture/Material';
import { startWorld, World } from '../lib/world';
import {
  OWNER,
  PLACE,
  SmallDataset,
  smallDatasets,
  writeSmallCatalog,
} from './smallDatasets';
import { makeSmallFiles, makeSmallTables, wrongDatasets } from './smallRows';

/** Longer than any test: the catalog reads its thousands of entities once. */
const NEVER = { hours: 24 };
/** How long the catalog and the read model may take for ten thousand datasets. */
const PATIENCE_SECONDS = 1800;

/** A portal that knows many small datasets, and a fleet of workers. */
export interface ManyWorld extends World {
  datasets: SmallDataset[];
  /** Of the engines, as `datasetMigrations.engines` has them. */
  engines: Record<'postgres' | 'duckdb', object>;
  workers: Array<Awaited<ReturnType<World['startWorker']>>>;
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
}

/**
 * Starts a portal that takes no jobs, and as many workers as asked for, with
 * that many datasets, every other one a table; returns when the read model has
 * them all.
 */
export async function startManyWorld(options: {
  name: string;
  count: number;
  workers: number;
  /** Of each dataset; a hundred by default. */
  rows?: number;
  /** Of portal and workers. */
  env?: NodeJS.ProcessEnv;
  /** What is special about one of them. */
  vary?: (index: number) => Partial<SmallDataset>;
  /** Further `datasetMigrations` of portal and workers. */
  settings?: object;
  /** Further config of the portal. */
  portalConfig?: object;
  /** Of each worker besides. */
  workerEnv?: (worker: number) => NodeJS.ProcessEnv;
}): Promise<ManyWorld> {
  const { name, count, rows = 100, vary, settings } = options;
  const datasets = smallDatasets({ count, rows }).map((dataset, index) => ({
    ...dataset,
    ...vary?.(index),
  }));
  let warehouse = '';
  let filesRoot = '';
  let engines: ManyWorld['engines'];
  const world = await startWorld({
    name,
    configs: [join(ROOT, 'app-config.yaml')],
    env: options.env,
    config: { datasetMigrations: { roles: ['api'] }, ...options.portalConfig },
    async prepare({ dir, connectionString }) {
      filesRoot = join(dir, 'files');
      mkdirSync(filesRoot);
      warehouse = await makeSmallTables(connectionString, datasets);
      await makeSmallFiles(filesRoot, datasets);
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
            catalog: { reconcileEvery: { seconds: 10 } },
            engines,
          },
        },
      };
    },
  });
  await eventually(
    'the read model has all datasets',
    async () => {
      const { totalItems } = await world.client.listDatasets({ limit: 1 });
      return totalItems === count;
    },
    PATIENCE_SECONDS,
  );
  const workers: ManyWorld['workers'] = [];
  for (let worker = 1; worker <= options.workers; worker++) {
    workers.push(
      await world.startWorker({
        name: `worker-${worker}`,
        config: { datasetMigrations: { roles: ['worker'] } },
        env: options.workerEnv?.(worker),
      }),
    );
  }
  await eventually('all workers have signed in', async () => {
    const { workersAlive } = await world.client.getQueueStatus();
    return workersAlive === options.workers;
  });
  const { stop } = world;
  return Object.assign(world, {
    datasets,
    engines: engines!,
    workers,
    warehouse,
    filesRoot,
    wrongAt: (version: Version, only = datasets) =>
      wrongDatasets({ warehouse, filesRoot, datasets: only, version }),
    async stop() {
      await Promise.all(workers.map(worker => worker.stop()));
      await stop();
    },
  });
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
