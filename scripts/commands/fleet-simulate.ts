import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { hasten, readAutoscaler } from '../fleet-simulation/autoscaler.mjs';
import { recordedLoad } from '../fleet-simulation/load';
import { plot } from '../fleet-simulation/plot';
import { simulate } from '../fleet-simulation/simulate';
import { command } from '../lib/bootstrap.mjs';
import { requireFreeSpace } from '../lib/disk.mjs';
import { ROOT, STATE } from '../lib/paths.mjs';
import { startPostgres } from '../lib/postgres.mjs';
import { say } from '../lib/say.mjs';

const MANIFEST = join(
  ROOT,
  'deploy/kubernetes/components/hpa/horizontal-pod-autoscaler.yaml',
);
/** The windows and periods of the manifest pass so many times faster. */
const FASTER = 10;
const SLOTS = 2;
const JOB_MILLISECONDS = 300;
const EVERY_SECONDS = 2;
const DEADLINE_SECONDS = 420;

const HELP = `npm run fleet:simulate -- [options]
  Starts real worker processes on the real queue and lets the formula of the
  HorizontalPodAutoscaler in deploy/ say how many, from the scraped backlog:
  ${recordedLoad.burst} jobs at once, a steady stream, ${recordedLoad.killBurst.jobs} jobs while workers are killed.
  Exits 0 only if the fleet rose from its minimum to its maximum and fell again,
  jobs of killed workers were run again, and every job was done once.
  --svg <file>    where to draw backlog, workers and throughput
  --json <file>   where to write what was seen`;

command(async () => {
  const { values } = parseArgs({
    options: {
      svg: { type: 'string' },
      json: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(`${HELP}\n`);
    return 0;
  }

  const manifest = readAutoscaler(parse(readFileSync(MANIFEST, 'utf8')));
  requireFreeSpace(STATE, 1024 ** 3, 'the simulation');
  const root = join(STATE, `fleet-${process.pid}`);
  mkdirSync(root, { recursive: true });
  try {
    const postgres = await startPostgres({ dataDir: join(root, 'postgres') });
    const { host, port, user, password, database } = postgres;
    const report = await simulate({
      connection: { host, port, user, password, database },
      autoscaler: hasten(manifest, FASTER),
      load: recordedLoad,
      slots: SLOTS,
      jobMilliseconds: JOB_MILLISECONDS,
      everySeconds: EVERY_SECONDS,
      deadlineSeconds: DEADLINE_SECONDS,
      log: say,
    });
    await postgres.stop();
    if (values.json) {
      writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
    }
    if (values.svg) {
      const svg = await plot(report, {
        title: `A fleet of ${manifest.minReplicas} to ${manifest.maxReplicas} workers, one for each ${manifest.averageValue} jobs of the backlog`,
        notes: [
          `Scaled down: all windows and periods of the HorizontalPodAutoscaler by ${FASTER}; ${SLOTS} jobs a worker at a time; a job waits ${JOB_MILLISECONDS} ms and moves no data.`,
          `Real: the queue, ${report.peakWorkers} worker processes on one machine, the metric scraped every ${EVERY_SECONDS} s, SIGTERM and SIGKILL.`,
          `${report.jobs} jobs: ${report.lost} lost, ${report.doubled} done twice; ${report.runAgainAfterKill} begun by a killed worker and run again by another.`,
        ],
        maxReplicas: manifest.maxReplicas,
      });
      writeFileSync(values.svg, `${svg}\n`);
    }

    const { samples, endings, events, failures, ...figures } = report;
    for (const [name, value] of Object.entries(figures)) {
      say(`${name}: ${value}`);
    }
    for (const failure of failures) say(`failed: ${failure}`);
    return failures.length ? 1 : 0;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
