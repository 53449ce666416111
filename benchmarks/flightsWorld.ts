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
 * @param options.consumers - what each of as many components declares
 */
export async function startFlightsWorld(
  dir: string,
  subject: Subject,
  options: { consumers?: object[] } = {},
) {
  const { factory, config, from, to, steps } = subject;
  const target = writeCatalog(dir, {
    consumers: options.consumers ?? [],
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
          rules: [{ allow: ['Component', 'Group', 'Resource', 'Location'] }],
          locations: [{ type: 'file', target }],
          ...(options.consumers && { processingInterval: { hours: 24 } }),
        },
        datasetMigrations: {
          // Thousands of consumers are not to be read while something is measured.
          catalog: {
            reconcileEvery: options.consumers ? { minutes: 5 } : { seconds: 5 },
          },
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

/** Entities in one file of the catalog, which is read and parsed whole. */
const ENTITIES_PER_FILE = 100;

/** Files with the dataset, its owner and its consumers; JSON is YAML. */
function writeCatalog(
  dir: string,
  {
    contracts,
    document,
    consumers,
  }: { contracts: object[]; document: object; consumers: object[] },
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
  const entities = [
    entity('Group', 'bench', { type: 'team', children: [] }),
    entity('Resource', 'flights', {
      type: 'dataset',
      owner: 'group:default/bench',
      contracts: contracts.map(contract => JSON.stringify(contract)),
      migrations: [JSON.stringify(document)],
    }),
    ...consumers.map((declaration, index) =>
      entity('Component', `consumer-${index}`, {
        type: 'service',
        lifecycle: 'production',
        owner: 'group:default/bench',
        consumesDatasets: [declaration],
      }),
    ),
  ];
  for (let at = 0; at < entities.length; at += ENTITIES_PER_FILE) {
    writeFileSync(
      join(folder, `flights-${at}.yaml`),
      entities.slice(at, at + ENTITIES_PER_FILE).join('\n---\n'),
    );
  }
  return join(folder, 'flights-*.yaml');
}
