import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import {
  isActive,
  Migration,
  MigrationState,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { eventually } from '../lib/eventually';
import { sample, seededRandom } from '../lib/random';
import { Ambush } from './ambush';
import { datasetRef, Subject, subjects } from './catalog';
import { startTortureWorld, TortureWorld } from './tortureWorld';
import { watch } from './readers';

/** What happens while a migration runs. */
type Blow =
  | { kind: 'worker at a moment'; fraction: number }
  | { kind: 'worker at a point'; ambush: Ambush }
  | { kind: 'PostgreSQL at a moment'; fraction: number };

interface Failure {
  subject: Subject;
  blow: string;
  message: string;
}

export interface SuiteReport {
  suite: string;
  seed: number;
  rounds: number;
  failures: Failure[];
}

/**
 * Every boundary of a stage and every pair of side effects that a worker's
 * checkpoints stand between. What happens inside an engine's call is cut by the
 * random moments, and step by step by the engines' conformance kit.
 */
const points: readonly string[] = [
  ...[
    'discover',
    'validate',
    'lock',
    'transform',
    'verify',
    'cut-over',
    'notify',
    'rollback',
  ].flatMap(stage => [
    `${stage}:started`,
    `${stage}:ended`,
    `${stage}:committed`,
  ]),
  ...['lock', 'transform', 'verify', 'cut-over', 'rollback'].map(
    stage => `${stage}:fenced`,
  ),
  'lock:prepared',
  'transform:chunk',
  'verify:verified',
  'cut-over:switched',
  'rollback:switched',
];

/** Ends that are reached without help. */
const forward: MigrationState = 'succeeded';
const back: MigrationState = 'rolled-back';

/**
 * Kills workers and PostgreSQL in the middle of migrations, forward and back,
 * and looks whether every run ends right (G3) and every reader sees a whole
 * version all the while (G2).
 *
 * @param options - `rounds` is how many random moments each engine's worker, and
 *   PostgreSQL, is killed at; from 20 on every point is tried, below that a
 *   seeded sample of as many.
 */
export async function runCrashSuite(options: {
  seed: number;
  rounds: number;
  log: (message: string) => void;
}): Promise<SuiteReport> {
  const { seed, rounds, log } = options;
  const random = seededRandom(seed);
  const failures: Failure[] = [];
  const world = await startTortureWorld('crash');
  try {
    await world.keepWorkers(2);
    for (const subject of subjects) {
      const usual = await timeOf(world, subject);
      log(`${subject}: undisturbed it takes ${usual.toFixed(1)} s`);
      const blows: Blow[] = [
        ...times(rounds, () => ({
          kind: 'worker at a moment' as const,
          fraction: random(),
        })),
        ...(rounds < 20 ? sample([...points], rounds, random) : points).map(
          point => ({
            kind: 'worker at a point' as const,
            ambush: {
              point,
              signal: 'SIGKILL' as const,
              skip: point === 'transform:chunk' ? Math.floor(random() * 5) : 0,
            },
          }),
        ),
        ...times(rounds, () => ({
          kind: 'PostgreSQL at a moment' as const,
          fraction: random(),
        })),
      ];
      for (const [index, blow] of blows.entries()) {
        const messages = await strike(world, subject, blow, usual);
        const name = describe(blow);
        log(
          `${subject} ${index + 1}/${blows.length}: ${name}: ${
            messages.length ? messages.join('; ') : 'ended right'
          }`,
        );
        failures.push(
          ...messages.map(message => ({ subject, blow: name, message })),
        );
      }
    }
  } finally {
    await world.stop();
  }
  return { suite: 'crash', seed, rounds, failures };
}

/** One migration forward and back under one blow; gives what went wrong. */
async function strike(
  world: TortureWorld,
  subject: Subject,
  blow: Blow,
  usualSeconds: number,
): Promise<string[]> {
  let down = false;
  const reader = world.readers[subject];
  const watched = watch(reader, () => down && subject === 'table');
  const wrong: string[] = [];
  if (blow.kind === 'worker at a point') world.ambush(blow.ambush);
  try {
    const started = await start(world, subject);
    const fate = (async () => {
      if (blow.kind === 'worker at a point') return;
      await delay(blow.fraction * usualSeconds * 1000);
      if (blow.kind === 'PostgreSQL at a moment') {
        down = true;
        await world.postgres.kill9();
        await world.restartPostgres();
        down = false;
      } else {
        await world.busyWorker()?.kill9();
      }
    })();
    const ended = await end(world, started.id);
    await fate;
    if (ended.state !== forward) {
      wrong.push(`ended as ${ended.state}: ${ended.error?.message}`);
    }
    const forwardRows = await reader.differences(
      ended.state === forward ? '2.0.0' : '1.0.0',
    );
    if (forwardRows) wrong.push(`${forwardRows} rows differ afterwards`);
    if (ended.state === forward) {
      await eventually('the roll back is taken', () =>
        world.client.rollbackMigration(started.id),
      );
      const undone = await end(world, started.id, ['succeeded']);
      if (undone.state !== back) {
        wrong.push(`roll back ended as ${undone.state}`);
      }
      const backRows = await reader.differences('1.0.0');
      if (backRows) wrong.push(`${backRows} rows differ after the roll back`);
    }
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
  }
  if (world.clearAmbush()) wrong.push('nobody fell into the ambush');
  const { reads, wrong: seen } = await watched.stop();
  if (reads === 0) wrong.push('the reader never got through');
  await world.keepWorkers(2);
  return [...wrong, ...new Set(seen)];
}

function start(world: TortureWorld, subject: Subject): Promise<Migration> {
  const idempotencyKey = randomUUID();
  return eventually('the migration is taken', () =>
    world.client.startMigration(
      { datasetRef: datasetRef(subject), targetVersion: '2.0.0' },
      { idempotencyKey },
    ),
  );
}

/** Waits for the end; `notYet` are final states that it is still to leave. */
function end(
  world: TortureWorld,
  id: string,
  notYet: MigrationState[] = [],
): Promise<Migration> {
  return eventually('the migration ends without help', async () => {
    const migration = await world.client.getMigration(id);
    return (
      !isActive(migration.state) &&
      !notYet.includes(migration.state) &&
      migration
    );
  });
}

/** Seconds of a migration that nobody disturbs, undone afterwards. */
async function timeOf(world: TortureWorld, subject: Subject): Promise<number> {
  const begun = Date.now();
  const { id } = await start(world, subject);
  const ended = await end(world, id);
  const seconds = (Date.now() - begun) / 1000;
  if (ended.state !== forward) {
    throw new Error(
      `${subject}: an undisturbed migration ended as ${ended.state}: ${ended.error?.message}`,
    );
  }
  await world.client.rollbackMigration(id);
  const undone = await end(world, id, ['succeeded']);
  if (undone.state !== back) {
    throw new Error(
      `${subject}: an undisturbed roll back ended as ${undone.state}: ${undone.error?.message}`,
    );
  }
  return seconds;
}

function describe(blow: Blow): string {
  return blow.kind === 'worker at a point'
    ? `worker killed at ${blow.ambush.point}`
    : `${blow.kind.replace(' at', ' killed at')} (${blow.fraction.toFixed(3)})`;
}

function times<T>(count: number, make: () => T): T[] {
  return Array.from({ length: count }, make);
}
