import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { eventually } from '../lib/eventually';
import { startWorld, World } from '../lib/world';
import { Ambush, layAmbushes } from './ambush';
import {
  datasetRef,
  DeclaredReader,
  Subject,
  subjects,
  tortureConfig,
  writeCatalog,
} from './catalog';
import { filesReader, Reader, tableReader } from './readers';
import { makeFiles, makeTable } from './rows';

type Worker = Awaited<ReturnType<World['startWorker']>>;

/** A world with one table and one folder to migrate, and workers to kill. */
export interface TortureWorld extends World {
  readers: Record<Subject, Reader>;
  workers: Worker[];
  /** Writes the catalog anew, with these consumers of every subject. */
  declareReaders(declared: DeclaredReader[]): void;
  /** Keeps that many workers running, whatever happens to them. */
  keepWorkers(count: number): Promise<void>;
  ambush(ambush: Ambush): void;
  /** Takes the ambush away; says whether nobody fell into it. */
  clearAmbush(): boolean;
  /** The worker that passed a checkpoint last, so the one with the job. */
  busyWorker(): Worker | undefined;
}

export async function startTortureWorld(name: string): Promise<TortureWorld> {
  let warehouse = '';
  let filesRoot = '';
  const world = await startWorld({
    name,
    configs: [join(ROOT, 'app-config.yaml')],
    // The portal starts migrations; it takes no jobs itself.
    config: { datasetMigrations: { roles: ['api'] } },
    async prepare({ dir, connectionString }) {
      [warehouse, filesRoot] = await Promise.all([
        makeTable(connectionString),
        makeFiles(dir),
      ]);
      const catalogFile = writeCatalog(join(dir, 'catalog'));
      return { config: tortureConfig({ warehouse, filesRoot, catalogFile }) };
    },
  });
  const readers = {
    table: await tableReader(warehouse),
    files: await filesReader(world.dir, filesRoot),
  };
  const trap = layAmbushes(world.dir);
  const workers: Worker[] = [];
  let wanted = 0;
  let started = 0;
  let stopping = false;

  async function startOne() {
    const worker = await world.startWorker({
      name: `worker-${++started}`,
      config: { datasetMigrations: { roles: ['worker'] } },
      entry: join(ROOT, 'e2e-tests/torture/worker.ts'),
      env: trap.env,
    });
    workers.push(worker);
    worker.ended
      .then(() => {
        workers.splice(workers.indexOf(worker), 1);
        // As Kubernetes would: a worker that died is replaced.
        if (!stopping && workers.length < wanted) startOne().catch(() => {});
      })
      .catch(() => {});
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
    readers,
    workers,
    declareReaders(declared: DeclaredReader[]) {
      writeCatalog(join(world.dir, 'catalog'), declared);
    },
    async keepWorkers(count: number) {
      wanted = count;
      while (workers.length < wanted) await startOne();
    },
    ambush: trap.set,
    clearAmbush: trap.clear,
    busyWorker: () => workers.find(({ pid }) => pid === trap.lastPasser()),
    stop: (stop => async () => {
      stopping = true;
      await Promise.all(workers.map(worker => worker.stop()));
      await Promise.all(subjects.map(subject => readers[subject].close()));
      await stop();
    })(world.stop),
  });
}
