import { setTimeout as delay } from 'node:timers/promises';
import { duckDbEngineFactory } from '@skein/backstage-plugin-dataset-migrations-backend-module-duckdb';
import { postgresEngineFactory } from '@skein/backstage-plugin-dataset-migrations-backend-module-postgres';
import { Campaign } from '@skein/backstage-plugin-dataset-migrations-common';
import pLimit from 'p-limit';
import { ManyWorld, startManyWorld } from '../e2e-tests/many/manyWorld';
import { OWNER, versionsOf } from '../e2e-tests/many/smallDatasets';
import { eventually } from '../scripts/lib/eventually';
import { secondsOf } from './lib/measure';
import { residentMegabytes } from './lib/memory';
import { createEngine, prepareRuns } from './lib/migrate';
import { migrateDirectly } from './lib/migrateDirectly';
import { processorSeconds } from './lib/processorTime';
import { BenchContext, Benchmark, Figure } from './types';

const WORKERS = 4;
/**
 * Migrations that a worker runs at a time: small ones leave no processor idle, and on two
 * cores more of them only get in each other's way.
 */
const SLOTS = 1;
/** What is at work at a time, in the campaign and directly alike. */
const AT_A_TIME = WORKERS * SLOTS;
/**
 * Datasets migrated directly, before the campaign and after it, as a machine that others
 * use is not as fast at every hour: the first ones warm up and are not counted.
 */
const WARM_UP = 20;
const DIRECT = 80;
/**
 * As Backstage has it by default: those of the demo, which are short so that it ends
 * quickly, have every request open a connection, and the portal ask itself for events
 * all the time.
 */
const AS_BY_DEFAULT = {
  events: { notifyTimeoutMs: 55_000 },
  backend: { server: { keepAliveTimeout: 5_000 } },
};
const PATIENCE_SECONDS = 3600;
const SAMPLE_EVERY_MS = 1000;
/** As the page of a campaign asks. */
const WATCH_EVERY_MS = 2000;
const IDLE_SAMPLES = 15;

/**
 * One campaign over ten thousand small datasets, half of them tables and half
 * files, with four workers of the fleet: what creating it and its dry run take, what
 * the control plane adds to what the engines cost, and whether that stays the same to
 * the end. Of its memory a portal that plans all of them by itself, too, as it does
 * without workers. Fails unless every dataset was migrated exactly once, with all its
 * rows.
 */
export const campaign10k: Benchmark = {
  figures: [
    'control-plane-cpu-ms',
    'campaign-last-vs-first',
    'campaign-create-s',
    'campaign-dry-run-s',
    'campaign-portal-mb',
  ],
  async run(context) {
    const { log, datasets: count } = context;
    const world = await startManyWorld({
      name: 'bench-campaign',
      count,
      spare: 2 * (WARM_UP + DIRECT),
      workers: 0,
      settings: { queue: { slots: SLOTS } },
      config: AS_BY_DEFAULT,
    });
    try {
      log(`${count} datasets are in the catalog`);
      // What it has read would count as what it has when it is idle.
      await world.restartPortal();
      const memory = await watchMemory(world.portal.pid);
      await dryRunAlone(world, context);
      await world.addWorkers(WORKERS);
      const { id, createSeconds } = await create(world);
      const dryRunSeconds = await dryRun(world, id);
      log(
        `answered after ${createSeconds.toFixed(
          2,
        )} s, all planned ${dryRunSeconds.toFixed(1)} s later`,
      );
      const before = await directly(world, context);
      const { ms, lastVsFirst } = await campaign(world, id, context);
      const megabytes = memory.stop();
      const directMs = (before + (await directly(world, context))) / 2;
      await check(world);
      log(`${ms.toFixed(1)} ms of CPU each, ${directMs.toFixed(1)} directly`);
      return [
        figure('control-plane-cpu-ms', ms - directMs, 'ms', 40),
        figure('campaign-last-vs-first', lastVsFirst, 'x', 1.15),
        figure('campaign-create-s', createSeconds, 's', 1),
        figure('campaign-dry-run-s', dryRunSeconds, 's', 60),
        figure('campaign-portal-mb', megabytes, 'MB', 300),
      ];
    } finally {
      await world.stop();
    }
  },
};

function figure(
  name: string,
  value: number,
  unit: Figure['unit'],
  target: number,
): Figure {
  return { name, value, unit, target, lowerIsBetter: true };
}

/** Megabytes of the portal at its peak, above the least that it needs when idle. */
async function watchMemory(pid: number): Promise<{ stop(): number }> {
  let idle = Infinity;
  for (let sample = 0; sample < IDLE_SAMPLES; sample++) {
    idle = Math.min(idle, residentMegabytes(pid));
    await delay(SAMPLE_EVERY_MS);
  }
  let peak = idle;
  const sampling = setInterval(() => {
    peak = Math.max(peak, residentMegabytes(pid));
  }, SAMPLE_EVERY_MS);
  return {
    stop() {
      clearInterval(sampling);
      return peak - idle;
    },
  };
}

async function create({ client }: ManyWorld) {
  let id = '';
  const createSeconds = await secondsOf(async () => {
    const created = await client.campaigns.create({
      title: 'All that is small',
      selection: { filter: { 'spec.owner': OWNER } },
    });
    id = created.id;
  });
  return { id, createSeconds };
}

/** The portal plans all by itself, as it does without workers. */
async function dryRunAlone(world: ManyWorld, { log }: BenchContext) {
  const { campaigns } = world.client;
  const { id } = await create(world);
  const seconds = await dryRun(world, id);
  await campaigns.act(id, 'cancel');
  await inState(campaigns, id, 'cancelled');
  log(`the portal alone has planned all in ${seconds.toFixed(1)} s`);
}

/** From the answer to `POST /campaigns` to the plans of all datasets. */
function dryRun({ client, datasets }: ManyWorld, id: string): Promise<number> {
  return secondsOf(async () => {
    const { counts } = await inState(client.campaigns, id, 'planned');
    if (counts.waiting !== datasets.length) {
      throw new Error(`not all can be migrated: ${JSON.stringify(counts)}`);
    }
  });
}

function inState(
  campaigns: ManyWorld['client']['campaigns'],
  id: string,
  state: Campaign['state'],
): Promise<Campaign> {
  return eventually(
    `the campaign is ${state}`,
    async () => {
      const found = await campaigns.get(id);
      return found.state === state && found;
    },
    PATIENCE_SECONDS,
  );
}

/**
 * Processor time, in milliseconds, that the engines take for one migration; takes from
 * the spare datasets.
 */
async function directly(world: ManyWorld, { log }: BenchContext) {
  const engines = {
    postgres: await createEngine(postgresEngineFactory, world.engines.postgres),
    duckdb: await createEngine(duckDbEngineFactory, world.engines.duckdb),
  };
  const migrations = await Promise.all(
    world.spare.splice(0, WARM_UP + DIRECT).map(async dataset => {
      const engine = engines[dataset.engine];
      const newRun = await prepareRuns(engine, versionsOf(dataset), {
        entityRef: dataset.ref,
        owner: OWNER,
      });
      return () => migrateDirectly(engine, newRun());
    }),
  );
  const limit = pLimit(AT_A_TIME);
  const run = (some: typeof migrations) =>
    Promise.all(some.map(migrate => limit(migrate)));
  await run(migrations.slice(0, WARM_UP));

  // This process started the world's too.
  const ours = () =>
    processorSeconds([process.pid]) -
    processorSeconds([world.postgres.pid, ...processesOf(world)]);
  const before = ours();
  const seconds = await secondsOf(() => run(migrations.slice(WARM_UP)));
  const ms = ((ours() - before) / DIRECT) * 1000;
  log(
    `directly, ${AT_A_TIME} at a time: ${(DIRECT / seconds).toFixed(
      1,
    )} migrations/s, ${ms.toFixed(1)} ms of CPU each`,
  );
  return ms;
}

function processesOf({ portal, workers }: ManyWorld): number[] {
  return [portal.pid, ...workers.map(({ pid }) => pid)];
}

/** Runs the campaign; gives the processor time of one migration. */
async function campaign(world: ManyWorld, id: string, { log }: BenchContext) {
  const { client, datasets, postgres } = world;
  const count = datasets.length;
  const share = Math.min(1000, Math.floor(count / 4));
  const at = () => ({
    done: 0,
    ours: processorSeconds(processesOf(world)),
    postgres: processorSeconds([postgres.pid]),
  });
  const marks = [at()];
  const seconds = await secondsOf(async () => {
    await client.campaigns.act(id, 'start');
    await eventually(
      'the campaign is finished',
      async () => {
        const { state, counts, reason } = await client.campaigns.get(id);
        if (state === 'paused') throw new Error(`it is paused: ${reason}`);
        const done = counts.succeeded + counts.failed;
        marks.push({ ...at(), done });
        await delay(WATCH_EVERY_MS);
        return state === 'finished';
      },
      PATIENCE_SECONDS,
    );
  });
  const [first] = marks;
  const last = marks[marks.length - 1];
  const upTo = (done: number) =>
    secondsAt(
      marks.map(mark => ({ done: mark.done, seconds: mark.ours })),
      done,
    );
  const firstMs = ((upTo(share) - first.ours) / share) * 1000;
  const lastMs = ((upTo(count) - upTo(count - share)) / share) * 1000;
  log(
    `${count} migrations in ${seconds.toFixed(0)} s, ${(
      count / seconds
    ).toFixed(1)} a second; CPU of PostgreSQL ${(
      ((last.postgres - first.postgres) / count) *
      1000
    ).toFixed(1)} ms each; ours of the first ${share} ${firstMs.toFixed(
      1,
    )} ms each, of the last ${lastMs.toFixed(1)} ms`,
  );
  return {
    ms: ((upTo(count) - first.ours) / count) * 1000,
    lastVsFirst: lastMs / firstMs,
  };
}

/** Between two samples, as if the time between them were spent evenly. */
function secondsAt(
  marks: Array<{ done: number; seconds: number }>,
  done: number,
): number {
  const next = marks.findIndex(mark => mark.done >= done);
  const [before, after] = [marks[Math.max(next - 1, 0)], marks[next]];
  const between = after.done - before.done;
  return between === 0
    ? after.seconds
    : before.seconds +
        ((after.seconds - before.seconds) * (done - before.done)) / between;
}

async function check(world: ManyWorld): Promise<void> {
  const notOnce = await world.notOnce();
  const wrong = await world.wrongAt('2.0.0');
  if (notOnce.length + wrong.length > 0) {
    throw new Error(
      `not migrated exactly once: ${notOnce.length} (${notOnce[0]}); wrong rows: ${wrong.length} (${wrong[0]})`,
    );
  }
}
