import { DatasetMigrationsClient } from '@skein/backstage-plugin-dataset-migrations-common';
import { eventually } from '../../../scripts/lib/eventually';
import { SMALL_PORTAL } from '../../lib/world';
import { ManyWorld, startManyWorld } from '../../many/manyWorld';
import { awkward } from './awkward';
import { startBalancer } from './balancer';
import { ControlPlane } from './ControlPlane';
import { Database } from './Database';
import { Fleet, Role } from './Fleet';

/** What the torture of the fleet works on. */
export interface ChaosWorld {
  many: ManyWorld;
  fleet: Fleet;
  database: Database;
  controlPlane: ControlPlane;
  /** The API, as whichever backend answers. */
  client: DatasetMigrationsClient;
  stop(): Promise<void>;
}

/** So that the harness sees who a connection belongs to. */
const named = (name: string) => ({
  backend: { database: { connection: { application_name: name } } },
});

/**
 * Starts a portal, which keeps the catalog and is never struck, backends behind
 * one address, workers, and small datasets of both engines. The backends are the
 * worker's package in the role of one: whole portals take too long to start as
 * often as these are killed.
 */
export async function startChaosWorld(options: {
  datasets: number;
  backends: number;
  workers: number;
  /** Seconds without PostgreSQL after which a process says that it is dead. */
  livenessSeconds: number;
}): Promise<ChaosWorld> {
  const many = await startManyWorld({
    name: 'chaos',
    count: options.datasets,
    workers: 0,
    portalEntry: SMALL_PORTAL,
    vary: awkward,
    settings: {
      queue: {
        slots: 2,
        livenessTimeout: { seconds: options.livenessSeconds },
      },
      // Nobody is to be told, so that no job is left but those of migrations.
      notifications: { owners: false },
    },
  });
  const roles: Record<Role, string> = { backend: 'api', worker: 'worker' };
  const fleet = new Fleet((role, name) =>
    many.startWorker({
      name,
      config: { datasetMigrations: { roles: [roles[role]] }, ...named(name) },
    }),
  );
  const balancer = await startBalancer(() =>
    fleet.ready('backend').map(({ process }) => process.url),
  );
  await Promise.all([
    ...Array.from({ length: options.backends }, () => fleet.add('backend')),
    ...Array.from({ length: options.workers }, () => fleet.add('worker')),
  ]);
  const client = many.clientAt(balancer.url);
  await eventually('all workers have signed in', async () => {
    const { workersAlive } = await client.getQueueStatus();
    return workersAlive === options.workers;
  });
  const controlPlane = new ControlPlane(many.postgres.connectionString);
  return {
    many,
    fleet,
    database: new Database(many),
    controlPlane,
    client,
    async stop() {
      await controlPlane.close();
      await fleet.stop();
      balancer.stop();
      await many.stop();
    },
  };
}
