import { setTimeout as delay } from 'node:timers/promises';
import {
  Migration,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import pg from 'pg';
import { eventually } from '../../../scripts/lib/eventually';
import { seededRandom } from '../../lib/random';
import { end, rollBack, start } from '../runs';
import { startTortureWorld, TortureWorld } from '../tortureWorld';
import { compareLogs, lookAtUntouched, Untouched } from './compareLogs';
import { ledger } from './ledger';
import { Writer } from './Writer';

const WRITERS = 4;
const OLD = 'public.rows';
const NEW = 'public_v2_0_0.rows';

/** Who is killed in a round, and after which share of the usual time. */
interface Blow {
  victim: 'nobody' | 'worker' | 'PostgreSQL';
  during: 'migration' | 'roll back';
  fraction: number;
}

export interface WritesReport {
  suite: 'writes';
  seed: number;
  rounds: number;
  failures: Array<{ round: number; message: string }>;
  statements: number;
  statementsPerSecond: number;
  /** Statements that failed, but for those that the server's end cut off. */
  failedStatements: number;
  /**
   * Milliseconds that statements took that overlapped the stage of a cut over,
   * but for those of rounds in which the server was killed.
   */
  'cutover-wait-p99-ms': number;
  'cutover-wait-max-ms': number;
  overlappingStatements: number;
}

/**
 * Migrates a table forward and back while four writers write to it, and kills
 * workers and PostgreSQL meanwhile. After each way, every write that was
 * acknowledged must be there exactly once, in both versions where there are
 * two (G9, G8, G3).
 *
 * @param options.rounds - migrations, each forward and back; every second one
 *   publishes the new version beside the old one, and both are written
 */
export async function runWritesSuite(options: {
  seed: number;
  rounds: number;
  log: (message: string) => void;
}): Promise<WritesReport> {
  const { seed, rounds, log } = options;
  const random = seededRandom(seed);
  const world = await startTortureWorld('writes', { material: ledger });
  const failures: WritesReport['failures'] = [];
  const waits: number[] = [];
  const failed: string[] = [];
  let names = [OLD];
  try {
    await world.keepWorkers(2);
    const untouched = await withClient(world, client =>
      lookAtUntouched(client, OLD),
    );
    const writers = Array.from(
      { length: WRITERS },
      (_, number) =>
        new Writer(
          number,
          world.warehouse,
          seededRandom(seed * 1_000 + number),
          () => names,
          message => failed.push(message),
        ),
    );
    const began = performance.now();
    const running = Promise.all(writers.map(writer => writer.run()));
    let usualSeconds = 5;
    for (let round = 1; round <= rounds; round += 1) {
      const policy: Policy = round % 2 === 0 ? 'coexist' : 'switch';
      const blow = drawBlow(round, random);
      const wrong: string[] = [];
      const failedBefore = failed.length;
      const compare = (tables: string[]) =>
        atRest(writers, () =>
          compareAll(world, { tables, writers, untouched }),
        );
      try {
        const started = Date.now();
        const migration = await forward(world, policy, blow, usualSeconds);
        if (blow.victim === 'nobody') {
          usualSeconds = (Date.now() - started) / 1_000;
        }
        // Whoever waits for a killed server does not wait for a cut over.
        if (blow.victim !== 'PostgreSQL') {
          waits.push(...waitsAt(migration, writers));
        }
        if (migration.state === 'succeeded') {
          if (policy === 'coexist') {
            names = [OLD, NEW];
            await delay(1_000 * (0.5 + random()));
          }
          wrong.push(
            ...(await compare(policy === 'coexist' ? [OLD, NEW] : [OLD])),
          );
          names = [OLD];
          await atRest(writers, async () => {});
          const undone = await back(world, migration.id, blow, usualSeconds);
          if (undone.state !== 'rolled-back') {
            wrong.push(
              `the roll back ended as ${undone.state}: ${undone.error?.message}`,
            );
          }
        } else {
          wrong.push(
            `ended as ${migration.state}: ${migration.error?.message}`,
          );
        }
        wrong.push(...(await compare([OLD])));
      } catch (error) {
        wrong.push(error instanceof Error ? error.message : String(error));
      }
      wrong.push(...new Set(failed.slice(failedBefore)));
      failures.push(...wrong.map(message => ({ round, message })));
      log(
        `${round}/${rounds} ${policy}, ${describeBlow(blow)}: ${
          wrong.length ? wrong.join('; ') : 'every write is there'
        }`,
      );
      await world.keepWorkers(2);
    }
    writers.forEach(writer => writer.stop());
    await running;
    const seconds = (performance.now() - began) / 1_000;
    const statements = writers.reduce((sum, each) => sum + each.statements, 0);
    waits.sort((a, b) => a - b);
    return {
      suite: 'writes',
      seed,
      rounds,
      failures,
      statements,
      statementsPerSecond: Math.round(statements / seconds),
      failedStatements: failed.length,
      'cutover-wait-p99-ms': waits[Math.ceil(waits.length * 0.99) - 1] ?? 0,
      'cutover-wait-max-ms': waits[waits.length - 1] ?? 0,
      overlappingStatements: waits.length,
    };
  } finally {
    await world.stop();
  }
}

/** One round in three goes without a blow. */
function drawBlow(round: number, random: () => number): Blow {
  const victims = ['nobody', 'worker', 'PostgreSQL'] as const;
  return {
    victim: victims[(round - 1) % 3],
    during: random() < 0.65 ? 'migration' : 'roll back',
    fraction: random(),
  };
}

function describeBlow({ victim, during, fraction }: Blow): string {
  return victim === 'nobody'
    ? 'nobody killed'
    : `${victim} killed during the ${during} (${fraction.toFixed(3)})`;
}

/** What statements took that overlapped the stage of the cut over. */
function waitsAt(migration: Migration, writers: Writer[]): number[] {
  const stage = migration.stages.find(({ stage: name }) => name === 'cut-over');
  if (!stage?.startedAt || !stage.finishedAt) return [];
  const begun = Date.parse(stage.startedAt) - performance.timeOrigin;
  const ended = Date.parse(stage.finishedAt) - performance.timeOrigin;
  return writers.flatMap(({ answered }) =>
    answered
      .filter(({ from, to }) => from <= ended && to >= begun)
      .map(({ from, to }) => to - from),
  );
}

async function forward(
  world: TortureWorld,
  policy: Policy,
  blow: Blow,
  usualSeconds: number,
): Promise<Migration> {
  const { id } = await start(world, 'table', policy);
  const fate =
    blow.during === 'migration'
      ? fall(world, id, blow, usualSeconds)
      : undefined;
  const ended = await end(world, id);
  await fate;
  return ended;
}

async function back(
  world: TortureWorld,
  id: string,
  blow: Blow,
  usualSeconds: number,
): Promise<Migration> {
  await rollBack(world, id);
  // A roll back is quicker than the way forward.
  const fate =
    blow.during === 'roll back'
      ? fall(world, id, blow, usualSeconds / 8)
      : undefined;
  const ended = await end(world, id, ['succeeded']);
  await fate;
  return ended;
}

async function fall(
  world: TortureWorld,
  id: string,
  { victim, fraction }: Blow,
  usualSeconds: number,
): Promise<void> {
  if (victim === 'nobody') return;
  await delay(fraction * usualSeconds * 1_000);
  if (victim === 'PostgreSQL') {
    await world.postgres.kill9();
    await world.restartPostgres();
  } else {
    await (world.busyWorker(id) ?? world.workers[0])?.kill9();
  }
}

/** Does something while all writers rest between two transactions. */
async function atRest<T>(
  writers: Writer[],
  work: () => Promise<T>,
): Promise<T> {
  const pauses = writers.map(writer => writer.pause());
  await Promise.all(pauses.map(({ reached }) => reached));
  try {
    return await work();
  } finally {
    pauses.forEach(({ resume }) => resume());
  }
}

function compareAll(
  world: TortureWorld,
  options: { tables: string[]; writers: Writer[]; untouched: Untouched },
): Promise<string[]> {
  const { tables, ...rest } = options;
  return eventually('the rows are compared', () =>
    withClient(world, async client => {
      const wrong: string[] = [];
      for (const table of tables) {
        wrong.push(...(await compareLogs(client, table, rest)));
      }
      return wrong;
    }),
  );
}

async function withClient<T>(
  world: TortureWorld,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({ connectionString: world.warehouse });
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
