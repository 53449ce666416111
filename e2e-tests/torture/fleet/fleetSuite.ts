import { seededRandom } from '../../lib/random';
import { BlowKind, drawBlows } from './blows';
import { Chaos } from './Chaos';
import { ChaosWorld, startChaosWorld } from './chaosWorld';
import { Probes } from './Probes';
import { Recoveries, Spread } from './Recoveries';
import { letGo } from './letGo';
import { campaignUnderBlows, rollBackUnderBlows } from './rounds';

const DATASETS = 60;
const BACKENDS = 2;
const WORKERS = 3;
const LIVENESS_SECONDS = 8;

export interface FleetReport {
  suite: 'fleet';
  seed: number;
  minutes: number;
  failures: string[];
  campaigns: number;
  migrations: number;
  blows: Record<BlowKind, number>;
  /** From the death of a worker until each job that it had runs again. */
  'crash-to-running-s': Spread;
  /** From the moment PostgreSQL takes connections again until a job is taken. */
  'resume-after-database-s': Spread;
  /** Answers of liveness probes that had to be right, and how many were red. */
  probes: { asked: number; red: number };
}

/**
 * One campaign after the other, there and back, over small datasets of both
 * engines, while workers, backends and PostgreSQL are killed, paused and cut off.
 * After each, every dataset must be in exactly one final state, with the right
 * rows, and nothing may be left over (G1, G3, G4). Among the datasets are some
 * that cannot succeed, and hold no other back.
 */
export async function runFleetSuite(options: {
  seed: number;
  minutes: number;
  log: (message: string) => void;
}): Promise<FleetReport> {
  const { seed, minutes, log } = options;
  const failures: string[] = [];
  const fail = (message: string) => {
    failures.push(message);
    log(`WRONG: ${message}`);
  };
  const world = await startChaosWorld({
    datasets: DATASETS,
    backends: BACKENDS,
    workers: WORKERS,
    livenessSeconds: LIVENESS_SECONDS,
  });
  const random = seededRandom(seed);
  const recoveries = new Recoveries({ ...world, fail });
  const chaos = new Chaos({
    ...world,
    blows: drawBlows(random),
    random,
    recoveries,
    log,
  });
  const probes = new Probes({
    ...world,
    redAfterSeconds: LIVENESS_SECONDS + 5,
    fail,
  });
  const over = new AbortController();
  const watched = probes.watch(over.signal);
  let campaigns = 0;
  let migrations = 0;
  const deadline = Date.now() + minutes * 60_000;
  try {
    while (Date.now() < deadline) {
      const underBlows = (work: () => Promise<void>) =>
        whileRaging(world, chaos, recoveries, work);
      const title = `Torture ${campaigns + 1}`;
      const done = await campaignUnderBlows(world, { title, underBlows });
      campaigns += 1;
      migrations += done.migrations;
      done.wrong.forEach(fail);
      log(`campaign ${campaigns}: ${done.migrations} migrations`);
      (await rollBackUnderBlows(world, { id: done.id, underBlows })).forEach(
        fail,
      );
      log(`campaign ${campaigns} was rolled back`);
    }
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  } finally {
    over.abort();
    await watched;
    await world.stop();
  }
  return {
    suite: 'fleet',
    seed,
    minutes,
    failures,
    campaigns,
    migrations,
    blows: chaos.struck,
    ...recoveries.figures(),
    probes: { asked: probes.asked, red: probes.red },
  };
}

/** Returns when the work is done and everybody has come to after the blows. */
async function whileRaging(
  world: ChaosWorld,
  chaos: Chaos,
  recoveries: Recoveries,
  work: () => Promise<void>,
): Promise<void> {
  const over = new AbortController();
  const raging = chaos.rage(over.signal);
  try {
    await work();
  } finally {
    over.abort();
    await raging;
    await recoveries.settled();
    await letGo(world);
  }
}
