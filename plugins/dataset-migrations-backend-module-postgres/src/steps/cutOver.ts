import { ConflictError } from '@backstage/errors';
import { validateCarried } from '../carry/validateCarried';
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
import { replaceStatements } from '../shadow/replaceTable';
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
import { catchUpOnce, catchUpUnderLock, converge } from './catchUp';
import { explainFailure } from './explainFailure';
import { alterLive, publishBeside } from './inPlace';
import { requireUnchangedSource } from './sourceChanges';
import { sourceFlag, targetFlag } from '../control/flags';
import { withTableLock } from './tableLock';

/** Times that the lock is given back to bring more over without it. */
const RETREATS = 20;

/** Gives the lock back, with all that was done under it. */
class Retreat extends Error {
  constructor(readonly reason: 'written' | 'seen') {
    super(`The lock is given back, as the table is ${reason}`);
  }
}

/**
 * Switches in one transaction, under a lock that keeps readers and writers out
 * for milliseconds: the last writes, the check that none is missing, the switch,
 * the recorded version and the run's phase stand or fall together.
 *
 * @throws ConflictError when applications write faster than their writes can be
 *   brought over, or read by older snapshots for too long; VerificationError
 *   when what was written since the verification breaks the contract
 */
export async function cutOver(context: RunContext): Promise<void> {
  let snapshots = await passSnapshots(context);
  if (await judgeAgain(context)) {
    // It may have taken long.
    snapshots = await passSnapshots(context);
  }
  for (let retreats = 0; retreats < RETREATS; ) {
    try {
      await switchVersions(context, snapshots);
      await validateCarried(context, 'new');
      return;
    } catch (error) {
      if (!(error instanceof Retreat)) {
        throw error;
      }
      retreats += error.reason === 'written' ? 1 : 0;
      await snapshots.pass(() => converge(context));
    }
  }
  throw new ConflictError(
    `${context.run.location.display} is written faster than its writes can be brought over; nothing was switched. Retry when it is written less.`,
  );
}

/** Brings over what was written, until everybody's snapshot has almost all. */
async function passSnapshots(context: RunContext): Promise<OldSnapshots> {
  const { run, warehouse } = context;
  const stored = await readRun(warehouse, run.migrationId);
  const snapshots = new OldSnapshots(context, {
    matter:
      stored?.phase === 'copied' && stored.state.strategy === 'shadow-copy',
  });
  await snapshots.pass(() => converge(context));
  return snapshots;
}

/** @throws Retreat when it is to be tried again */
async function switchVersions(
  context: RunContext,
  snapshots: OldSnapshots,
): Promise<void> {
  try {
    await switchUnderLock(context, snapshots);
  } catch (error) {
    const { warehouse, run } = context;
    const stored = await readRun(warehouse, run.migrationId);
    // What the rows of the last writes are refused for.
    throw stored ? await explainFailure(context, stored.state, error) : error;
  }
}

async function switchUnderLock(
  context: RunContext,
  snapshots: OldSnapshots,
): Promise<void> {
  const { run, live } = context;
  await withTableLock(context, async session => {
    const stored = await readRun(session, run.migrationId, {
      forUpdate: true,
    });
    if (stored?.phase === 'cut-over' || stored?.phase === 'retired') {
      return;
    }
    requireComplete(context, stored);
    const publication = await preparePublication(session, context, stored);
    await writeVersions(session, live, {
      currentVersion: run.toVersion,
      coexistingVersion: run.policy === 'coexist' ? run.fromVersion : undefined,
      migrationId: run.migrationId,
    });
    // What was written during all that need not go over under the lock.
    const early = await catchUpOnce(session, context, stored.state);
    await runAll(session, [
      ...(run.policy === 'switch' ? stored.state.carried.old.lock : []),
      `LOCK TABLE ${live} IN ACCESS EXCLUSIVE MODE`,
    ]);
    const last = await catchUpUnderLock(session, context, stored.state);
    if (!last.all) {
      throw new Retreat('written');
    }
    if (await snapshots.areHeld(session, early.moved + last.moved > 0)) {
      throw new Retreat('seen');
    }
    await writeRun(session, run.migrationId, {
      ...stored,
      phase: 'cut-over',
      state: { ...stored.state, ...(await publication()) },
    });
  });
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

/** Publishes under the lock; returns what a roll back will need to know. */
type Publication = () => Promise<Partial<RunState>>;

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
    const publish = coexists ? publishBeside : alterInPlace;
    return async () => ({
      versionBefore,
      ...(await publish(session, context)),
    });
  }
  const publish = coexists
    ? await prepareBeside(session, context, state)
    : await prepareSwitch(session, context, state);
  return async () => {
    await requireUnchangedSource(session, context, state);
    return {
      versionBefore,
      ...(await publish()),
      published: await fingerprint(session, coexists ? shadow : live),
    };
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
  return join.run;
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
  const statements = [
    ...unwatchStatements({
      table: live,
      partitions: state.partitions?.map(qualified),
      flag: sourceFlag(state),
    }),
    // The last writes that were brought over are none of its own.
    ...forgetStatements(watch),
    `DROP INDEX IF EXISTS ${ident(next)}.${IDENTITY_INDEX}`,
    ...replaceStatements(context, {
      incoming: next,
      aside: old,
      partitions: state.partitions,
      sequences: state.sequences,
      leaving: state.carried.old,
      entering: state.carried.new,
    }),
    `DROP SCHEMA ${ident(next)}`,
  ];
  return async () => {
    if (hadVersionView) {
      await dropVersionView(session, context, fromVersion);
    }
    await runAll(session, statements);
    return { hadVersionView };
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
