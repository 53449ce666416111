import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startWorld } from '../e2e-tests/lib/world';
import { eventually } from '../scripts/lib/eventually';
import { ROOT } from '../scripts/lib/paths.mjs';
import { Subject } from './lib/migrate';

export const FLIGHTS = 'resource:default/flights';

/**
 * Starts a portal that takes no jobs itself, and a worker beside it as a fleet
 * has it, whose catalog has the subject as {@link FLIGHTS}.
 *
 * @param dir - a folder for the catalog
 */
export async function startFlightsWorld(dir: string, subject: Subject) {
  const { factory, config, from, to, steps } = subject;
  const catalogFile = writeCatalog(dir, {
    contracts: [from, to],
    document: {
      kind: 'DatasetMigration',
      from: from.version,
      to: to.version,
      steps,
    },
  });
  const world = await startWorld({
    name: 'bench-flights',
    configs: [join(ROOT, 'app-config.yaml')],
    config: { datasetMigrations: { roles: ['api'] } },
    prepare: async () => ({
      config: {
        catalog: {
          rules: [{ allow: ['Group', 'Resource', 'Location'] }],
          locations: [{ type: 'file', target: catalogFile }],
        },
        datasetMigrations: {
          catalog: { reconcileEvery: { seconds: 5 } },
          engines: { [factory.id]: config },
        },
      },
    }),
  });
  const { client } = world;
  await eventually('the catalog has the flights', async () => {
    const { nextVersion } = await client.getDataset(FLIGHTS);
    return nextVersion === to.version;
  });
  const worker = await world.startWorker({
    config: { datasetMigrations: { roles: ['worker'] } },
  });
  await eventually('the worker has registered', async () => {
    const { workersAlive } = await client.getQueueStatus();
    return workersAlive === 1;
  });
  return {
    client,
    worker,
    /** Stops what was started here; the benchmarks' own server goes on. */
    async stop() {
      await worker.stop();
      await world.portal.stop();
      await world.postgres.stop();
      rmSync(world.dir, { recursive: true, force: true });
    },
  };
}

/** A file with the dataset and its owner; JSON is YAML. */
function writeCatalog(
  dir: string,
  { contracts, document }: { contracts: object[]; document: object },
): string {
  const entity = (kind: string, name: string, spec: object) =>
    JSON.stringify({
      apiVersion: 'backstage.io/v1alpha1',
      kind,
      metadata: { name },
      spec,
    });
  const folder = join(dir, 'catalog');
  mkdirSync(folder);
  const file = join(folder, 'flights.yaml');
  writeFileSync(
    file,
    [
      entity('Group', 'bench', { type: 'team', children: [] }),
      entity('Resource', 'flights', {
        type: 'dataset',
        owner: 'group:default/bench',
        contracts: contracts.map(contract => JSON.stringify(contract)),
        migrations: [JSON.stringify(document)],
      }),
    ].join('\n---\n'),
  );
  return file;
}
