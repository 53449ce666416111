import { ConflictError } from '@backstage/errors';
import { validateCarried } from '../carry/validateCarried';
import { holdFences } from '../control/fences';
import { readRun, RunState, StoredRun, writeRun } from '../control/runs';
import { writeVersions } from '../control/versions';
import { runAll } from '../connection/sql';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { OldSnapshots } from '../snapshots/OldSnapshots';
import { judgeAgain } from '../verify/judgeAgain';
import { catchUpOnce, catchUpUnderLock, converge, MOST } from './catchUp';
import { explainFailure } from './explainFailure';
import { preparePublication, Publication } from './publication';
import { Retreat, withRetreats } from './retreats';
import { withTableLock } from './tableLock';
import {
  altersFirst,
  HeldRun,
  isCopyAmong,
  lockTables,
  readRuns,
} from './together';

/**
 * Switches in one transaction, under a lock that keeps readers and writers out
 * for milliseconds: the last writes, the check that none is missing, the switch,
 * the recorded version and the run's phase stand or fall together, and with them
 * those of all tables that belong together.
 *
 * @throws ConflictError when applications write faster than their writes can be
 *   brought over, or read by older snapshots for too long; VerificationError
 *   when what was written since the verification breaks the contract
 */
export async function cutOver(context: RunContext): Promise<void> {
  const all = [context, ...context.together];
  let snapshots = await passSnapshots(all);
  if (await judgeAllAgain(all)) {
    // It may have taken long.
    snapshots = await passSnapshots(all);
  }
  await withRetreats(all, {
    attempt: () => switchVersions(all, snapshots),
    bringOver: () => snapshots.pass(() => convergeAll(all)),
  });
  for (const one of all) {
    await validateCarried(one, 'new');
  }
}

/** Brings over what was written, until everybody's snapshot has almost all. */
async function passSnapshots(all: RunContext[]): Promise<OldSnapshots> {
  const matter = await isCopyAmong(all, 'copied');
  const snapshots = new OldSnapshots(all[0], { matter });
  await snapshots.pass(() => convergeAll(all));
  return snapshots;
}

async function convergeAll(all: RunContext[]): Promise<void> {
  for (const one of all) {
    await converge(one);
  }
}

/** @returns whether there was reason to, for any of them */
async function judgeAllAgain(all: RunContext[]): Promise<boolean> {
  let judged = false;
  for (const one of all) {
    judged = (await judgeAgain(one)) || judged;
  }
  return judged;
}

/** @throws Retreat when it is to be tried again */
async function switchVersions(
  all: RunContext[],
  snapshots: OldSnapshots,
): Promise<void> {
  let [current] = all;
  try {
    await switchUnderLock(all, snapshots, one => {
      current = one;
    });
  } catch (error) {
    const { warehouse, run } = current;
    const stored = await readRun(warehouse, run.migrationId);
    // What the rows of the last writes are refused for.
    throw stored ? await explainFailure(current, stored.state, error) : error;
  }
}

/** One of the tables that are being switched. */
interface Switching extends HeldRun {
  publication: Publication;
}

/** @param bringingOver - is told whose writes are brought over */
async function switchUnderLock(
  all: RunContext[],
  snapshots: OldSnapshots,
  bringingOver: (context: RunContext) => void,
): Promise<void> {
  const [context, ...others] = all;
  await withTableLock(context, async session => {
    await holdFences(session, others);
    const runs = await readRuns(session, all);
    if (runs.every(({ stored }) => isSwitched(stored))) {
      return;
    }
    const switching: Switching[] = [];
    for (const { context: one, stored } of runs) {
      requireComplete(one, stored);
      const publication = await preparePublication(session, one, stored);
      await recordVersion(session, one);
      switching.push({ context: one, stored, publication });
    }
    let moved = 0;
    let left = 0;
    // What was written during all that need not go over under the lock.
    for (const { context: one, stored } of switching) {
      bringingOver(one);
      const before = await catchUpOnce(session, one, stored.state);
      moved += before.moved;
      left += before.left;
    }
    if (left > MOST) {
      throw new Retreat('written');
    }
    await lockTables(
      session,
      switching,
      context.run.policy === 'switch' ? 'old' : undefined,
    );
    let most = MOST;
    for (const { context: one, stored } of switching) {
      bringingOver(one);
      const last = await catchUpUnderLock(session, one, stored.state, most);
      if (!last.all) {
        throw new Retreat('written');
      }
      most -= last.moved;
      moved += last.moved;
    }
    if (await snapshots.areHeld(session, moved > 0)) {
      throw new Retreat('seen');
    }
    await publish(session, switching);
  });
}

function isSwitched(stored: StoredRun | undefined): boolean {
  return stored?.phase === 'cut-over' || stored?.phase === 'retired';
}

async function recordVersion(
  session: Session,
  { run, live }: RunContext,
): Promise<void> {
  await writeVersions(session, live, {
    currentVersion: run.toVersion,
    coexistingVersion: run.policy === 'coexist' ? run.fromVersion : undefined,
    migrationId: run.migrationId,
  });
}

/** With all tables locked; see {@link Publication} for the order. */
async function publish(
  session: Session,
  switching: Switching[],
): Promise<void> {
  const changes = new Map<Switching, Partial<RunState>>();
  for (const one of switching) {
    changes.set(one, await one.publication.begin());
  }
  await runAll(session, [
    ...switching.flatMap(({ publication }) => publication.moves),
    ...switching.flatMap(({ publication }) => publication.attach),
  ]);
  for (const one of altersFirst(switching)) {
    const { context, stored, publication } = one;
    const finished = await publication.finish();
    await writeRun(session, context.run.migrationId, {
      ...stored,
      phase: 'cut-over',
      state: { ...stored.state, ...changes.get(one), ...finished },
    });
  }
}

function requireComplete(
  { run }: RunContext,
  stored: StoredRun | undefined,
): asserts stored is StoredRun {
  if (stored?.phase !== 'copied') {
    throw new ConflictError(
      `The migration ${run.migrationId} is ${
        stored?.phase ?? 'not prepared'
      }; only what is complete can be switched to`,
    );
  }
}
