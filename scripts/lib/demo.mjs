import { join } from 'node:path';
import { startDemoReceiver } from '../demo-receiver.mjs';
import { prepareDemoWorld } from '../demo-world.mjs';
import { configuredDatabase } from './configured-database.mjs';
import { requireFreeSpace } from './disk.mjs';
import { STATE } from './paths.mjs';
import { requirePort } from './ports.mjs';
import { portalConfigs } from './portal.mjs';
import { startPostgres } from './postgres.mjs';
import { say } from './say.mjs';

/**
 * Makes all that the demo portal needs around it: PostgreSQL unless one is
 * configured, the demo world, and the server that plays its outside (catalog
 * files, webhooks and the code of consumers). Everything is kept in `.skein/`.
 *
 * @param {object} options
 * @param {number} options.demoPort - Of the demo server.
 * @returns {Promise<{
 *   database: import('./postgres.mjs').EmbeddedPostgres | undefined,
 *   demoUrl: string,
 *   lineageToken: string,
 *   env: NodeJS.ProcessEnv,
 * }>} `env` is what examples/app-config.demo.yaml reads, and all the rest.
 */
export async function prepareDemo({ demoPort }) {
  await requirePort(demoPort, {
    purpose: 'the demo server',
    advice: 'choose another: npm start -- --demo-port 7100',
    hosts: ['127.0.0.1'],
  });
  requireFreeSpace(STATE, 2 * 1024 ** 3, 'the portal with its demo data');

  const configured = await configuredDatabase(portalConfigs());
  let database;
  if (configured) {
    say('using the PostgreSQL of your configuration (backend.database)');
  } else {
    say('starting PostgreSQL ...');
    database = await startPostgres({ dataDir: join(STATE, 'postgres') });
    say(`PostgreSQL keeps its data in ${database.dataDir}`);
  }

  const world = await prepareDemoWorld({
    adminConnectionString: (configured ?? database).connectionString,
    dir: join(STATE, 'demo'),
    log: say,
  });
  const receiver = await startDemoReceiver({
    secret: world.webhookSecret,
    port: demoPort,
  });
  return {
    database,
    demoUrl: receiver.url,
    lineageToken: world.lineageToken,
    env: { ...process.env, ...world.env, ...receiver.env },
  };
}
