import { DatasetMigrationsClient } from '@skein/backstage-plugin-dataset-migrations-common';
import { eventually } from '../../../scripts/lib/eventually';
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

const FIRST = 'backend-0';

/** So that the harness sees who a connection belongs to. */
const named = (name: string) => ({
  backend: { database: { connection: { application_name: name } } },
});

/**
 * Starts portals behind one address, workers that know only that address, and
 * small datasets of both engines.
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
    vary: awkward,
    portalConfig: named(FIRST),
    settings: {
      queue: {
        slots: 2,
        livenessTimeout: { seconds: options.livenessSeconds },
      },
      // Nobody is to be told, so that no job is left but those of migrations.
      notifications: { owners: false },
    },
  });
  const fleet: Fleet = new Fleet((role, name) => start(role, name));
  const balancer = await startBalancer(() =>
    fleet.ready('backend').map(({ process }) => process.url),
  );
  const roles: Record<Role, string> = { backend: 'api', worker: 'worker' };
  function start(role: Role, name: string) {
    const config = {
      datasetMigrations: { roles: [roles[role]] },
      ...named(name),
    };
    return role === 'backend'
      ? many.startPortal({ name, config })
      : many.startWorker({ name, config, portalUrl: balancer.url });
  }

  fleet.adopt('backend', FIRST, many.portal);
  while (fleet.ready('backend').length < options.backends) {
    await fleet.add('backend');
  }
  while (fleet.ready('worker').length < options.workers) {
    await fleet.add('worker');
  }
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
