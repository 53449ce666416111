import { ConflictError } from '@backstage/errors';
import { validateCarried } from '../carry/validateCarried';
import { holdFences } from '../control/fences';
import {
  partitionsIn,
  readRun,
  RunState,
  StoredRun,
  writeRun,
} from '../control/runs';
import { readVersions, writeVersions } from '../control/versions';
import {
  forgetStatements,
  unwatchStatements,
  watchWrites,
} from '../control/writeFlags';
import { ident, qualified, runAll } from '../connection/sql';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { moveStatements } from '../shadow/replaceTable';
import { createSchema, ownerOf } from '../shadow/schemas';
import { IDENTITY_INDEX } from '../shadow/finishStatements';
import { OldSnapshots } from '../snapshots/OldSnapshots';
import { prepareJoin } from '../sync/joinVersions';
import { wayBackOf } from '../sync/wayBack';
import {
  createVersionView,
  dropVersionView,
  hasVersionView,
} from '../shadow/versionViews';
import { fingerprint } from '../table/fingerprint';
import { judgeAgain } from '../verify/judgeAgain';
import { catchUpOnce, catchUpUnderLock, converge, MOST } from './catchUp';
import { explainFailure } from './explainFailure';
import { alterLive, publishBeside } from './inPlace';
import { Retreat, withRetreats } from './retreats';
import { requireUnchangedSource } from './sourceChanges';
import { sourceFlag, targetFlag } from '../control/flags';
import { withTableLock } from './tableLock';
import { altersFirst, HeldRun, lockTables, readRuns } from './together';

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
  const [context] = all;
  let matter = false;
  for (const { run, warehouse } of all) {
    const stored = await readRun(warehouse, run.migrationId);
    matter ||=
      stored?.phase === 'copied' && stored.state.strategy === 'shadow-copy';
  }
  const snapshots = new OldSnapshots(context, { matter });
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

/**
 * How one table is published while all that are switched together are locked.
 * What hangs on several of them is taken off and put on again when all have
 * moved, so each step is done for all tables before the next one.
 */
interface Publication {
  /** Checks that nothing has changed, while nothing of the others has. */
  begin(): Promise<Partial<RunState>>;
  moves: string[];
  attach: string[];
  /** @returns what a roll back will need to know, with what `begin` returned */
  finish(): Promise<Partial<RunState>>;
}

/** Does what can be done before the lock, as everybody waits while it is held. */
async function preparePublication(
  session: Session,
  context: RunContext,
  { state }: StoredRun,
): Promise<Publication> {
  const { run, live, shadow } = context;
  const coexists = run.policy === 'coexist';
  const versionBefore = await readVersions(session, live);
  if (state.strategy === 'metadata-only') {
    const alter = coexists ? publishBeside : alterInPlace;
    return {
      begin: async () => ({ versionBefore }),
      moves: [],
      attach: [],
      finish: () => alter(session, context),
    };
  }
  const publication = coexists
    ? await prepareBeside(session, context, state)
    : await prepareSwitch(session, context, state);
  return {
    ...publication,
    begin: async () => {
      await requireUnchangedSource(session, context, state);
      return { versionBefore, ...(await publication.begin()) };
    },
    finish: async () => ({
      ...(await publication.finish()),
      published: await fingerprint(session, coexists ? shadow : live),
    }),
  };
}

async function alterInPlace(
  session: Session,
  context: RunContext,
): Promise<Partial<RunState>> {
  return {
    ...(await dropOldName(session, context)),
    ...(await alterLive(session, context)),
  };
}

/** The old version keeps the table's name; each shows what the other is written. */
async function prepareBeside(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<Publication> {
  const { run, live, shadow } = context;
  const join = await prepareJoin(session, context, state);
  await createVersionView(session, context, {
    version: run.fromVersion,
    table: live,
    writable: true,
  });
  await createVersionView(session, context, {
    version: run.toVersion,
    table: shadow,
    writable: join.writable,
  });
  return {
    begin: async () => ({}),
    moves: [],
    attach: [],
    finish: join.run,
  };
}

/** The new version takes the table's name, the old one goes aside. */
async function prepareSwitch(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<Publication> {
  const { live, next, old, shadow } = context;
  await createSchema(session, old, await ownerOf(session, live));
  const watch = {
    table: shadow,
    partitions: partitionsIn(next, state.partitions),
    flag: targetFlag(state),
    key: wayBackOf(context, state)?.key,
    once: true,
  };
  await watchWrites(session, watch);
  const { fromVersion } = context.run;
  const hadVersionView = await hasVersionView(session, context, fromVersion);
  const moves = [
    ...unwatchStatements({
      table: live,
      partitions: state.partitions?.map(qualified),
      flag: sourceFlag(state),
    }),
    // The last writes that were brought over are none of its own.
    ...forgetStatements(watch),
    `DROP INDEX IF EXISTS ${ident(next)}.${IDENTITY_INDEX}`,
    ...moveStatements(context, {
      incoming: next,
      aside: old,
      partitions: state.partitions,
      sequences: state.sequences,
      leaving: state.carried.old,
      entering: state.carried.new,
    }),
  ];
  return {
    begin: async () => {
      if (hadVersionView) {
        await dropVersionView(session, context, fromVersion);
      }
      return { hadVersionView };
    },
    moves,
    // Statistics leave the schema last.
    attach: [...state.carried.new.attach, `DROP SCHEMA ${ident(next)}`],
    finish: async () => ({}),
  };
}

/** The name of the old version must not show data that nobody updates. */
async function dropOldName(
  session: Session,
  context: RunContext,
): Promise<Pick<RunState, 'hadVersionView'>> {
  const { fromVersion } = context.run;
  const hadVersionView = await hasVersionView(session, context, fromVersion);
  await dropVersionView(session, context, fromVersion);
  return { hadVersionView };
}
