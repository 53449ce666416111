import { startDemoReceiver } from '../demo-receiver.mjs';
import { prepareDemoWorld } from '../demo-world.mjs';
import { requirePort } from './ports.mjs';
import { say } from './say.mjs';

/**
 * Makes the demo world and starts the server that plays its outside: catalog
 * files and webhooks.
 *
 * @param {object} options
 * @param {string} options.adminConnectionString - Where the warehouse goes.
 * @param {string} options.dir
 * @param {number} options.port - Of the demo server.
 * @returns {Promise<{ url: string, env: Record<string, string> }>} `env` is what
 *   examples/app-config.demo.yaml reads.
 */
export async function prepareDemo({ adminConnectionString, dir, port }) {
  await requirePort(port, {
    purpose: 'the demo server',
    advice: 'choose another: npm start -- --demo-port 7100',
    hosts: ['127.0.0.1'],
  });
  const world = await prepareDemoWorld({
    adminConnectionString,
    dir,
    log: say,
  });
  const receiver = await startDemoReceiver({
    secret: world.webhookSecret,
    port,
  });
  return { url: receiver.url, env: { ...world.env, ...receiver.env } };
}
