import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { eventually } from '../../scripts/lib/eventually';
import { SMALL_PORTAL, startWorld, World } from '../lib/world';
import { Ambush, layAmbushes } from './ambush';
import {
  datasetRef,
  DeclaredReader,
  Subject,
  subjects,
  tortureConfig,
  writeCatalog,
} from './catalog';
import { Material } from './Material';
import { mixedRows } from './mixedRows';
import { filesReader, Reader, tableReader } from './readers';
import { makeFiles, makeTable } from './rows';

type Worker = Awaited<ReturnType<World['startWorker']>>;

/** A world with one table and one folder to migrate, and workers to kill. */
export interface TortureWorld extends World {
  /** PostgreSQL URL of the database with the table. */
  warehouse: string;
  /** Folder above the one with the files. */
  filesRoot: string;
  readers: Record<Subject, Reader>;
  workers: Worker[];
  /** Writes the catalog anew, with these consumers of every subject. */
  declareReaders(declared: DeclaredReader[]): Promise<void>;
  /** Keeps that many workers running, whatever happens to them. */
  keepWorkers(count: number): Promise<void>;
  ambush(ambush: Ambush): void;
  /** Takes the ambush away; says whether nobody fell into it. */
  clearAmbush(): boolean;
  /** The worker that passed a migration's checkpoint last: the one with the job. */
  busyWorker(migrationId: string): Worker | undefined;
}

/**
 * @param name - of its folder, unique among the worlds of one run
 * @param options - `material` is what it migrates, {@link mixedRows} by default;
 *   the entries are what runs instead of the small portal and of its workers,
 *   which must have the ambush; `configs` are further config files, which read
 *   `env`
 */
export async function startTortureWorld(
  name: string,
  options: {
    material?: Material;
    portalEntry?: string;
    workerEntry?: string;
    configs?: string[];
    env?: NodeJS.ProcessEnv;
  } = {},
): Promise<TortureWorld> {
  const {
    material = mixedRows,
    portalEntry = SMALL_PORTAL,
    workerEntry = join(ROOT, 'e2e-tests/torture/worker.ts'),
    configs = [],
    env,
  } = options;
  let warehouse = '';
  let filesRoot = '';
  const world = await startWorld({
    name,
    configs: [join(ROOT, 'app-config.yaml'), ...configs],
    env,
    portalEntry,
    // The portal starts migrations; it takes no jobs itself.
    config: { datasetMigrations: { roles: ['api'] } },
    async prepare({ dir, connectionString }) {
      [warehouse, filesRoot] = await Promise.all([
        makeTable(connectionString, material),
        makeFiles(dir, material),
      ]);
      const catalogFile = writeCatalog(join(dir, 'catalog'), material);
      return {
        config: tortureConfig({
          warehouse,
          filesRoot,
          catalogFile,
        }),
      };
    },
  });
  const readers = {
    table: await tableReader(warehouse),
    files: await filesReader(world.dir, filesRoot),
  };
  const trap = layAmbushes(world.dir);
  const workers: Worker[] = [];
  const starting = new Set<Promise<void>>();
  let wanted = 0;
  let started = 0;
  let stopping = false;

  async function startOne() {
    const worker = await world.startWorker({
      name: `worker-${++started}`,
      config: { datasetMigrations: { roles: ['worker'] } },
      entry: workerEntry,
      env: trap.env,
    });
    workers.push(worker);
    worker.ended
      .then(() => {
        workers.splice(workers.indexOf(worker), 1);
        // As Kubernetes would: a worker that died is replaced.
        if (!stopping) startMissing();
      })
      .catch(() => {});
  }

  function startMissing() {
    while (workers.length + starting.size < wanted) {
      const start = startOne().finally(() => starting.delete(start));
      start.catch(() => {});
      starting.add(start);
    }
  }

  for (const subject of subjects) {
    await eventually(`the catalog has ${datasetRef(subject)}`, async () => {
      const dataset = await world.client.getDataset(datasetRef(subject));
      if (dataset.problems.length) {
        throw new Error(JSON.stringify(dataset.problems));
      }
      return dataset.nextVersion === '2.0.0';
    });
  }

  return Object.assign(world, {
    warehouse,
    filesRoot,
    readers,
    workers,
    async declareReaders(declared: DeclaredReader[]) {
      writeCatalog(join(world.dir, 'catalog'), material, declared);
      await readCatalogAnew(world);
    },
    async keepWorkers(count: number) {
      wanted = count;
      // One that was to replace another may have met the end of the server.
      await Promise.allSettled(starting);
      startMissing();
      await Promise.all(starting);
    },
    ambush: trap.set,
    clearAmbush: trap.clear,
    busyWorker: (id: string) =>
      workers.find(({ pid }) => pid === trap.lastPasser(id)),
    stop: (stop => async () => {
      stopping = true;
      await Promise.all(workers.map(worker => worker.stop()));
      await Promise.all(subjects.map(subject => readers[subject].close()));
      await stop();
    })(world.stop),
  });
}

/** Has the catalog look at its files, which it does seldom by itself. */
async function readCatalogAnew(world: World): Promise<void> {
  const found = await world.request(
    '/api/catalog/entities/by-query?filter=kind=location&fields=metadata',
  );
  const { items } = await found.json();
  for (const { metadata } of items) {
    const { ok, status } = await world.request('/api/catalog/refresh', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ entityRef: `location:default/${metadata.name}` }),
    });
    if (!ok) throw new Error(`the catalog refused to refresh: ${status}`);
  }
}
