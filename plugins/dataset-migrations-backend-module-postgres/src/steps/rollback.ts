import { ConflictError } from '@backstage/errors';
import { validateCarried } from '../carry/validateCarried';
import { ident, runAll } from '../connection/sql';
import { holdFences } from '../control/fences';
import { readRun, StoredRun, writeRun } from '../control/runs';
import { deleteVersions, writeVersions } from '../control/versions';
import { stopWatchingWrites } from '../control/writeFlags';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { dropReturned } from '../quarantine/dropReturned';
import { dropVersions } from '../shadow/dropVersions';
import { moveStatements } from '../shadow/replaceTable';
import { createSchema, dropSchema, ownerOf } from '../shadow/schemas';
import { createVersionView, dropVersionView } from '../shadow/versionViews';
import { OldSnapshots } from '../snapshots/OldSnapshots';
import { partVersions } from '../sync/joinVersions';
import { WayBack, wayBackOf } from '../sync/wayBack';
import {
  bringBack,
  bringBackUnderLock,
  bringBackWaiting,
  explainMisfit,
} from './bringBack';
import { targetFlag } from '../control/flags';
import { requireInForce, requireUntouchedTarget } from './targetChanges';
import { Retreat, withRetreats } from './retreats';
import { withTableLock } from './tableLock';
import { altersFirst, HeldRun, lockTables, readRuns } from './together';
import { undoInPlace } from './undoInPlace';

/**
 * Puts the old version back, with the version recorded before, in one
 * transaction with those of all tables that belong together. What was written
 * since is brought back before; where it cannot be, the old version only comes
 * back when nothing was written.
 *
 * @throws ConflictError when the new version holds what the old one cannot, was
 *   altered or built upon since, is not the one in force any more, or is written
 *   faster than its writes can be brought back
 */
export async function rollback(context: RunContext): Promise<void> {
  const all = [context, ...context.together];
  const returning: Returning[] = [];
  for (const one of all) {
    const stored = await readRun(one.warehouse, one.run.migrationId);
    const way =
      stored?.phase === 'cut-over' && one.run.policy === 'switch'
        ? wayBackOf(one, stored.state)
        : undefined;
    returning.push({ context: one, way });
  }
  await restoreWithWrites(returning);
  for (const one of all) {
    await validateCarried(one, 'old');
  }
  for (const one of all) {
    await dropLeft(one);
  }
}

/** All is back: that the quarantine is still read is for the clean up. */
async function dropLeft(context: RunContext): Promise<void> {
  try {
    await dropReturned(context);
  } catch (error) {
    if (!(error instanceof ConflictError)) {
      throw error;
    }
    context.run.logger.warn(error.message);
  }
}

/** A table, and how what was written to its new version goes back, if it can. */
interface Returning {
  context: RunContext;
  way?: WayBack;
}

async function restoreWithWrites(returning: Returning[]): Promise<void> {
  const [{ context }] = returning;
  const snapshots = new OldSnapshots(context, {
    matter: returning.some(({ way }) => way),
  });
  let current: Returning | undefined;
  const bringAll = async (
    bring: (one: RunContext, way: WayBack) => Promise<void>,
  ) => {
    for (const one of returning) {
      current = one;
      if (one.way) {
        await bring(one.context, one.way);
      }
    }
  };
  const bringLast = async (session: Session) => {
    const last = { moved: 0, all: true };
    await bringAll(async (one, way) => {
      const { moved, all } = await bringBackUnderLock(session, one, way);
      last.moved += moved;
      last.all &&= all;
    });
    if (!last.all) {
      throw new Retreat('written');
    }
    if (await snapshots.areHeld(session, last.moved > 0)) {
      throw new Retreat('seen');
    }
  };
  const bringMost = async () => {
    await bringAll(bringBack);
    await snapshots.pass(() => bringAll(bringBackWaiting));
  };
  try {
    await bringMost();
    await withRetreats(
      returning.map(one => one.context),
      { attempt: () => restore(returning, bringLast), bringOver: bringMost },
    );
  } catch (error) {
    throw current?.way
      ? await explainMisfit(current.context, current.way, error)
      : error;
  }
}

/**
 * @param bringLast - brings the last writes back, under the lock
 * @throws Retreat when it is to be tried again
 */
async function restore(
  returning: Returning[],
  bringLast: (session: Session) => Promise<void>,
): Promise<void> {
  const all = returning.map(({ context }) => context);
  const [context, ...others] = all;
  const { policy } = context.run;
  await withTableLock(context, async session => {
    await holdFences(session, others);
    const found = await readRuns(session, all);
    if (found.every(({ stored }) => stored?.phase === 'rolled-back')) {
      return;
    }
    const runs: HeldRun[] = [];
    for (const { context: one, stored } of found) {
      const inForce = await requireInForce(session, one, stored);
      runs.push({ context: one, stored: inForce });
    }
    await lockTables(session, runs, policy === 'switch' ? 'new' : undefined);
    await bringLast(session);
    await putBack(session, runs);
    for (const { context: one, stored } of runs) {
      await recordReturn(session, one, stored);
    }
  });
}

async function recordReturn(
  session: Session,
  context: RunContext,
  stored: StoredRun,
): Promise<void> {
  const { run, live } = context;
  const { versionBefore, hadVersionView } = stored.state;
  if (hadVersionView) {
    await createVersionView(session, context, {
      version: run.fromVersion,
      table: live,
    });
  }
  await (versionBefore
    ? writeVersions(session, live, versionBefore)
    : deleteVersions(session, live));
  await writeRun(session, run.migrationId, { ...stored, phase: 'rolled-back' });
}

/** With all tables locked; see {@link altersFirst} for the order. */
async function putBack(session: Session, runs: HeldRun[]): Promise<void> {
  const ordered = altersFirst(runs);
  for (const { context, stored } of ordered) {
    if (context.run.policy === 'coexist') {
      await dropVersionView(session, context, context.run.fromVersion);
      await dropVersionView(session, context, context.run.toVersion);
    }
    if (stored.state.strategy === 'shadow-copy') {
      await requireUntouchedTarget(session, context, stored.state);
    }
  }
  const copies = ordered.filter(
    ({ stored }) => stored.state.strategy === 'shadow-copy',
  );
  for (const { context, stored } of ordered) {
    if (stored.state.strategy === 'metadata-only') {
      await undoInPlace(session, context, stored.state);
    }
  }
  await takeCopiesAway(session, copies);
  for (const { stored } of copies) {
    await stopWatchingWrites(session, targetFlag(stored.state));
  }
  await dropVersions(
    session,
    copies.map(({ context }) => context.shadow),
  );
  for (const { context } of copies) {
    await dropSchema(session, context.next);
  }
}

/** The new versions stand aside afterwards, and nothing hangs on them. */
async function takeCopiesAway(
  session: Session,
  copies: HeldRun[],
): Promise<void> {
  const moves: string[] = [];
  const attach: string[] = [];
  for (const { context, stored } of copies) {
    const { next, old, live } = context;
    const { state } = stored;
    if (context.run.policy === 'coexist') {
      await partVersions(session, context, state);
    } else {
      await createSchema(session, next, await ownerOf(session, live));
      moves.push(
        ...moveStatements(context, {
          incoming: old,
          aside: next,
          partitions: state.partitions,
          sequences: state.sequences.map(({ kind, name, from, to }) => ({
            kind,
            from: to,
            to: from,
            name,
          })),
          leaving: state.carried.new,
          entering: state.carried.old,
        }),
      );
      // Statistics leave the schema last.
      attach.push(
        ...state.carried.old.attach,
        `DROP SCHEMA IF EXISTS ${ident(old)}`,
      );
    }
  }
  await runAll(session, [...moves, ...attach]);
}
