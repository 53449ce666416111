import { join } from 'node:path';
import { DatasetMigrationsClient } from '@skein/backstage-plugin-dataset-migrations-common';
import { Client } from 'pg';
import { startDemoReceiver } from '../demo-receiver.mjs';
import { prepareDemoWorld } from '../demo-world.mjs';
import { clientOf } from '../lib/api';
import { STATE } from '../lib/paths.mjs';
import { startPortal, startWorker } from '../lib/portal.mjs';
import { startPostgres } from '../lib/postgres.mjs';
import { say } from '../lib/say.mjs';

/** Begins the names of the portal's databases, which are dropped at a start. */
const PREFIX = 'skein_demo_run_';

/** What the demo runs in; ends with this process. */
export interface DemoRun {
  /** Where the file datasets are. */
  filesRoot: string;
  /** PostgreSQL URL of the tables. */
  warehouse: string;
  /** The callbacks that the consumers got. */
  callbacks(): Array<{ path: string; verified: boolean; event?: any }>;
  /** The API as a user of the demo calls it. */
  clientOf(userRef: string): Promise<DatasetMigrationsClient>;
}

/**
 * Starts a clean demo world of the demo's own: PostgreSQL, the demo server, a
 * control plane and a worker in a process each.
 */
export async function startDemoRun(): Promise<DemoRun> {
  const dir = join(STATE, 'demo-run');
  say('starting PostgreSQL ...');
  const database = await startPostgres({ dataDir: join(dir, 'postgres') });
  await dropPortalDatabases(database.connectionString);

  say('making a clean demo world ...');
  const world = await prepareDemoWorld({
    adminConnectionString: database.connectionString,
    dir,
    log: say,
    reset: true,
  });
  const receiver = await startDemoReceiver({ secret: world.webhookSecret });

  const common = {
    database,
    databasePrefix: PREFIX,
    env: { ...process.env, ...world.env, ...receiver.env },
  };
  say('starting the portal ...');
  const portal = await startPortal({
    ...common,
    dir: join(dir, 'portal'),
    config: { datasetMigrations: { roles: ['api'] } },
  });
  say('starting a worker ...');
  await startWorker({
    ...common,
    dir: join(dir, 'worker'),
    portalUrl: portal.url,
  });

  return {
    filesRoot: world.filesRoot,
    warehouse: world.warehouseConnectionString,
    callbacks: receiver.callbacks,
    clientOf: userRef => clientOf(portal.url, userRef),
  };
}

async function dropPortalDatabases(connectionString: string): Promise<void> {
  const client = new Client({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query(
      'SELECT datname FROM pg_database WHERE starts_with(datname, $1)',
      [PREFIX],
    );
    for (const { datname } of rows) {
      await client.query(`DROP DATABASE ${client.escapeIdentifier(datname)}`);
    }
  } finally {
    await client.end();
  }
}
