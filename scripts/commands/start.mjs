import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { command } from '../lib/bootstrap.mjs';
import { configuredDatabase } from '../lib/configured-database.mjs';
import { prepareDemo } from '../lib/demo.mjs';
import { requireFreeSpace } from '../lib/disk.mjs';
import { buildFrontend } from '../lib/frontend.mjs';
import { STATE } from '../lib/paths.mjs';
import { parsePort, requirePort } from '../lib/ports.mjs';
import { portalConfigs, startPortal } from '../lib/portal.mjs';
import { startPostgres } from '../lib/postgres.mjs';
import { Explained, say } from '../lib/say.mjs';

const HELP = `npm start -- [options]
  --port <port>          where the portal listens (7007)
  --demo-port <port>     where the demo server listens (7099)
  --metrics-port <port>  where Prometheus scrapes the metrics (9464)
  --verbose              shows the portal's whole log`;

function options() {
  const { values } = parseArgs({
    options: {
      port: { type: 'string', default: '7007' },
      'demo-port': { type: 'string', default: '7099' },
      'metrics-port': { type: 'string', default: '9464' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  return {
    help: values.help,
    verbose: values.verbose,
    port: parsePort(values.port, '--port'),
    demoPort: parsePort(values['demo-port'], '--demo-port'),
    metricsPort: parsePort(values['metrics-port'], '--metrics-port'),
  };
}

/** Shows of the portal's log what a person at the terminal should see. */
function logger(verbose) {
  return ({ level, message, plugin }) => {
    if (verbose || level === 'error' || level === 'stderr') {
      say(plugin ? `${plugin}: ${message}` : message);
    }
  };
}

command(async () => {
  const { help, verbose, port, demoPort, metricsPort } = options();
  if (help) {
    process.stdout.write(`${HELP}\n`);
    return;
  }
  const begun = Date.now();
  await requirePort(port, {
    purpose: 'the portal',
    advice: 'stop that program, or choose another: npm start -- --port 7008',
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

  const [demo] = await Promise.all([
    prepareDemo({
      adminConnectionString:
        configured?.connectionString ?? database.connectionString,
      dir: join(STATE, 'demo'),
      port: demoPort,
    }),
    buildFrontend(),
  ]);

  say('starting the portal ...');
  const portal = await startPortal({
    dir: join(STATE, 'portal'),
    database,
    port,
    metricsPort,
    env: { ...process.env, ...demo.env },
    onLog: logger(verbose),
  });
  say(`its log is in ${portal.logFile}`);
  say(`metrics: ${portal.metricsUrl} · callbacks: ${demo.url}`);
  say(
    `ready after ${Math.round((Date.now() - begun) / 1000)} s; Ctrl-C stops it`,
  );
  process.stdout.write(`\n    Open ${portal.url}\n\n`);

  const { code, signal } = await portal.ended;
  throw new Explained(
    `the portal ended by itself (${signal ?? `exit code ${code}`}); its log: ${
      portal.logFile
    }`,
  );
});
