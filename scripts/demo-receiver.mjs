import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createCallbackLog } from './demo-world/callbacks.mjs';
import { callbacksPage } from './demo-world/callbacks-page.mjs';
import { createCatalogSite } from './demo-world/catalog-site.mjs';
import { createSourceSite } from './demo-world/source-site.mjs';
import { onStop, stopOnSignals } from './lib/lifetime.mjs';
import { ROOT, STATE } from './lib/paths.mjs';
import { parsePort, requirePort } from './lib/ports.mjs';
import { complain, messageOf, say } from './lib/say.mjs';

/** Where `npm start` has it. */
export const DEFAULT_PORT = 7099;

const HOST = '127.0.0.1';

/**
 * Starts the demo server on the loopback interface. It plays three parts of a
 * real installation: the consumers' webhooks, the place that the catalog reads its
 * files from, and the git host of the consumers' code.
 *
 * - `POST /hooks/<consumer>` verifies and remembers a callback,
 * - `GET /callbacks` lists them as JSON, `GET /` as a page,
 * - `GET /catalog/all.yaml` is the catalog's location; it names the consumers'
 *   webhooks at the address that this server really has,
 * - `GET /airline/<repository>/src/branch/main` is code of a consumer, which portals
 *   read through the API of Gitea.
 *
 * @param {object} options
 * @param {string} options.secret - What callbacks are signed with.
 * @param {number} [options.port] - A free one by default.
 * @param {string} [options.examples] - Folder of `catalog/`, `templates/` and
 *   `sources/`.
 * @returns {Promise<{
 *   url: string,
 *   port: number,
 *   catalogUrl: string,
 *   callbacks: () => import('./demo-world/callbacks.mjs').Callback[],
 *   env: Record<string, string>,
 *   stop: () => Promise<void>,
 * }>} `env` is what examples/app-config.demo.yaml reads.
 */
export async function startDemoReceiver({
  secret,
  port = 0,
  examples = join(ROOT, 'examples'),
}) {
  const server = createServer();
  const log = createCallbackLog(secret);
  const sites = [
    createSourceSite(join(examples, 'sources')),
    createCatalogSite(examples, () => server.address().port),
  ];
  server.on('request', (request, response) => {
    answer(request, response, log, sites).catch(error => {
      complain(error);
      if (!response.headersSent) response.writeHead(500);
      response.end(messageOf(error));
    });
  });
  server.listen(port, HOST);
  await once(server, 'listening');
  const bound = server.address().port;
  const url = addressOf(server);

  let stopped;
  const stop = () => {
    stopped ??= new Promise(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    return stopped;
  };
  onStop(stop);
  return {
    url,
    port: bound,
    catalogUrl: `${url}/catalog/all.yaml`,
    callbacks: log.list,
    env: {
      SKEIN_DEMO_SERVER: `${HOST}:${bound}`,
      // A host of its own for the portal, which reads git hosts in another way.
      SKEIN_DEMO_GIT: `localhost:${bound}`,
    },
    stop,
  };
}

/** @param {import('node:http').Server} server - That listens. */
function addressOf(server) {
  return `http://${HOST}:${server.address().port}`;
}

async function answer(request, response, log, sites) {
  const { pathname } = new URL(request.url, 'http://localhost');
  if (request.method === 'POST' && pathname.startsWith('/hooks/')) {
    await log.receive(request, response);
  } else if (request.method !== 'GET') {
    response.writeHead(405).end();
  } else if (pathname === '/') {
    response
      .writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
      .end(callbacksPage(log.list()));
  } else if (pathname === '/callbacks') {
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify({ items: log.list() }));
  } else {
    for (const site of sites) {
      if (await site.serve(request, response)) return;
    }
    response.writeHead(404).end();
  }
}

/** `node scripts/demo-receiver.mjs [port]`, with the secret of `npm start`. */
async function main([port = String(DEFAULT_PORT)]) {
  stopOnSignals();
  const wanted = parsePort(port, 'the port');
  await requirePort(wanted, {
    purpose: 'the demo server',
    advice: 'give another one as the first argument',
    hosts: [HOST],
  });
  const secret = await readFile(join(STATE, 'demo/webhook-secret'), 'utf8');
  const { url } = await startDemoReceiver({ secret, port: wanted });
  say(`the demo server listens on ${url}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).catch(error => {
    complain(error);
    process.exitCode = 1;
  });
}
