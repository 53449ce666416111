import { setTimeout as delay } from 'node:timers/promises';
import { isActive } from '@skein/backstage-plugin-dataset-migrations-common';
import { eventually } from '../../scripts/lib/eventually';
import { isStopped } from '../lib/processes';
import { Blow } from './blows';
import { Subject } from './catalog';
import { Version } from './Material';
import { watch } from './readers';
import { end, retire, retired, rollBack, start } from './runs';
import { TortureWorld } from './tortureWorld';

/** How a migration under a blow went. */
export interface Outcome {
  /** Empty when it ended right without help (G3) and no reader saw worse (G2). */
  wrong: string[];
  /** The migration had ended before the blow fell. */
  late: boolean;
}

/** A migration that is being struck. */
interface Struck {
  world: TortureWorld;
  subject: Subject;
  blow: Blow;
  usualSeconds: number;
  /** Whether PostgreSQL is down just now. */
  down: boolean;
  late: boolean;
  /** Set when the way is at its end, so that nobody waits for the blow. */
  over: boolean;
}

/** Lets one migration go its way under one blow. */
export async function strike(
  given: Pick<Struck, 'world' | 'subject' | 'blow' | 'usualSeconds'>,
): Promise<Outcome> {
  const { world, subject, blow } = given;
  const struck: Struck = { ...given, down: false, late: false, over: false };
  const watched = watch(
    world.readers[subject],
    () => struck.down && subject === 'table',
  );
  const wrong: string[] = [];
  try {
    wrong.push(...(await wayUnder(blow)(struck)));
  } catch (error) {
    wrong.push(error instanceof Error ? error.message : String(error));
  }
  if (world.clearAmbush()) wrong.push('nobody came to the point');
  const { reads, wrong: seen } = await watched.stop();
  if (reads === 0) wrong.push('the reader never got through');
  await world.keepWorkers(2);
  return { wrong: [...wrong, ...new Set(seen)], late: struck.late };
}

function wayUnder(blow: Blow): (struck: Struck) => Promise<string[]> {
  const [stage] = 'point' in blow ? blow.point.split(':') : [];
  if (stage === 'cancel') return cancelHalfWay;
  return stage === 'retire' ? besideUntilRetired : thereAndBack;
}

/** Forward, and back again. */
async function thereAndBack(struck: Struck): Promise<string[]> {
  const { world, subject } = struck;
  const wrong: string[] = [];
  lay(struck);
  const { id } = await start(world, subject);
  const fate = fall(struck, id);
  try {
    const ended = await end(world, id);
    if (ended.state !== 'succeeded') {
      return [
        `ended as ${ended.state}: ${ended.error?.message}`,
        ...(await differences(struck, '1.0.0')),
      ];
    }
    wrong.push(...(await differences(struck, '2.0.0')));
    await rollBack(world, id);
    const undone = await end(world, id, ['succeeded']);
    if (undone.state !== 'rolled-back') {
      wrong.push(`the roll back ended as ${undone.state}`);
    }
    wrong.push(...(await differences(struck, '1.0.0')));
  } finally {
    struck.over = true;
    await fate;
  }
  return wrong;
}

/** Stopped in the middle of the transformation, and cancelled there. */
async function cancelHalfWay(struck: Struck): Promise<string[]> {
  const { world, subject } = struck;
  world.ambush({ point: 'transform:chunk', signal: 'SIGSTOP', skip: 2 });
  const { id } = await start(world, subject);
  const worker = await eventually('a worker is in the middle', async () =>
    world.workers.find(({ pid }) => isStopped(pid)),
  );
  await world.client.cancelMigration(id);
  lay(struck);
  worker.signal('SIGCONT');
  const fate = fall(struck, id);
  try {
    const ended = await end(world, id);
    return [
      ...(ended.state === 'cancelled' ? [] : [`ended as ${ended.state}`]),
      ...(await differences(struck, '1.0.0')),
    ];
  } finally {
    struck.over = true;
    await fate;
  }
}

/** Published beside the old version, which is then taken away. */
async function besideUntilRetired(struck: Struck): Promise<string[]> {
  const { world, subject } = struck;
  const { id } = await start(world, subject, 'coexist');
  const { state, error } = await end(world, id);
  if (state !== 'succeeded') return [`ended as ${state}: ${error?.message}`];
  lay(struck);
  await retire(world, id);
  const fate = fall(struck, id);
  try {
    const { oldVersionState, ...ended } = await retired(world, id);
    return [
      ...(oldVersionState === 'retired'
        ? []
        : [`the retirement failed: ${ended.error?.message}`]),
      ...(await differences(struck, '2.0.0')),
    ];
  } finally {
    struck.over = true;
    await fate;
  }
}

/** Where a blow falls at a point, somebody waits there. */
function lay({ world, blow }: Struck): void {
  if (!('point' in blow)) return;
  const { point, skip, victim } = blow;
  world.ambush({
    point,
    skip,
    signal: victim === 'worker' ? 'SIGKILL' : 'SIGSTOP',
  });
}

async function fall(struck: Struck, id: string): Promise<void> {
  const { world, blow, usualSeconds } = struck;
  if ('point' in blow) {
    if (blow.victim === 'PostgreSQL') await killServerUnderWorker(struck);
    return;
  }
  await delay(blow.fraction * usualSeconds * 1000);
  const busy = await eventually('a worker has the job', async () =>
    isActive((await world.client.getMigration(id)).state)
      ? world.busyWorker(id)
      : 'nobody any more',
  );
  if (busy === 'nobody any more') {
    struck.late = true;
  } else if (blow.victim === 'worker') {
    await busy.kill9();
  } else {
    await killServer(struck);
  }
}

/** Kills PostgreSQL while a worker stands still at a point. */
async function killServerUnderWorker(struck: Struck): Promise<void> {
  const worker = await eventually('a worker is at the point', async () =>
    struck.over
      ? 'nobody'
      : struck.world.workers.find(({ pid }) => isStopped(pid)),
  );
  if (worker === 'nobody') return;
  await killServer(struck);
  worker.signal('SIGCONT');
}

async function killServer(struck: Struck): Promise<void> {
  struck.down = true;
  await struck.world.postgres.kill9();
  await struck.world.restartPostgres();
  struck.down = false;
}

async function differences(
  { world, subject }: Struck,
  version: Version,
): Promise<string[]> {
  // The server may be killed just then, when the blow falls at the very end.
  const { rows } = await eventually('the rows are compared', async () => ({
    rows: await world.readers[subject].differences(version),
  }));
  return rows ? [`${rows} rows differ from ${version}`] : [];
}

/** Seconds of a migration that nobody disturbs, undone afterwards. */
export async function undisturbed(
  world: TortureWorld,
  subject: Subject,
): Promise<number> {
  const begun = Date.now();
  const { id } = await start(world, subject);
  const ended = await end(world, id);
  const seconds = (Date.now() - begun) / 1000;
  await rollBack(world, id);
  const undone = await end(world, id, ['succeeded']);
  if (undone.state !== 'rolled-back') {
    throw new Error(
      `${subject}: an undisturbed migration ended as ${ended.state}, its roll back as ${undone.state}: ${undone.error?.message}`,
    );
  }
  return seconds;
}
