import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { reportRun } from '../demo-world/scheduler.mjs';
import { command } from '../lib/bootstrap.mjs';
import { prepareDemo } from '../lib/demo.mjs';
import { buildFrontend } from '../lib/frontend.mjs';
import { STATE } from '../lib/paths.mjs';
import { isBeingStopped } from '../lib/lifetime.mjs';
import { parsePort, requirePort } from '../lib/ports.mjs';
import { startPortal } from '../lib/portal.mjs';
import { complain, Explained, say } from '../lib/say.mjs';

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
    if (
      verbose ||
      (!isBeingStopped() && (level === 'error' || level === 'stderr'))
    ) {
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
  const [demo] = await Promise.all([
    prepareDemo({ demoPort }),
    buildFrontend(),
  ]);

  say('starting the portal ...');
  const portal = await startPortal({
    dir: join(STATE, 'portal'),
    database: demo.database,
    port,
    metricsPort,
    env: demo.env,
    onLog: logger(verbose),
  });
  const seconds = Math.round((Date.now() - begun) / 1000);
  say(`its log is in ${portal.logFile}`);
  say(`metrics: ${portal.metricsUrl} · callbacks: ${demo.demoUrl}`);
  say(`ready after ${seconds} s; Ctrl-C stops it`);
  process.stdout.write(`\n    Open ${portal.url}\n\n`);
  reportRun({ portalUrl: portal.url, token: demo.lineageToken }).catch(
    error => {
      if (!isBeingStopped()) complain(error);
    },
  );

  const { code, signal } = await portal.ended;
  throw new Explained(
    `the portal ended by itself (${signal ?? `exit code ${code}`}); its log: ${
      portal.logFile
    }`,
  );
});
