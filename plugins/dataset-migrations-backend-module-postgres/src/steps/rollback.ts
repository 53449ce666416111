import { ConflictError } from '@backstage/errors';
import { validateCarried } from '../carry/validateCarried';
import { runAll } from '../connection/sql';
import { readRun, StoredRun, writeRun } from '../control/runs';
import {
  deleteVersions,
  readVersions,
  writeVersions,
} from '../control/versions';
import { stopWatchingWrites } from '../control/writeFlags';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { dropQuarantine } from '../quarantine/quarantineTable';
import { replaceTable } from '../shadow/replaceTable';
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
import { requireUntouchedTarget } from './targetChanges';
import { lockVersions, withTableLock } from './tableLock';
import { undoInPlace } from './undoInPlace';

/**
 * Puts the old version back, with the version recorded before, in one
 * transaction. What was written since is brought back before; where it cannot
 * be, the old version only comes back when nothing was written.
 *
 * @throws ConflictError when the new version holds what the old one cannot, was
 *   altered or built upon since, or is not the one in force any more
 */
export async function rollback(context: RunContext): Promise<void> {
  const { run, warehouse } = context;
  const stored = await readRun(warehouse, run.migrationId);
  const way =
    stored?.phase === 'cut-over' && run.policy === 'switch'
      ? wayBackOf(context, stored.state)
      : undefined;
  if (way) {
    await restoreWithWrites(context, way);
  } else {
    await restore(context);
  }
  await validateCarried(context, 'old');
}

async function restoreWithWrites(
  context: RunContext,
  way: WayBack,
): Promise<void> {
  const snapshots = new OldSnapshots(context, { matter: true });
  try {
    do {
      await bringBack(context, way);
      await snapshots.pass(() => bringBackWaiting(context, way));
    } while (!(await restore(context, { way, snapshots })));
  } catch (error) {
    throw await explainMisfit(context, way, error);
  }
}

/** What goes back with the old version, and who must not miss it. */
interface Writes {
  way: WayBack;
  snapshots: OldSnapshots;
}

/**
 * @returns false when too much was left to be done under the lock, or somebody
 *   would not see what was
 */
async function restore(context: RunContext, writes?: Writes): Promise<boolean> {
  const { run, live } = context;
  return withTableLock(context, async session => {
    const found = await readRun(session, run.migrationId, {
      forUpdate: true,
    });
    if (found?.phase === 'rolled-back') {
      return true;
    }
    const stored = await requireInForce(session, context, found);
    if (run.policy === 'switch') {
      await runAll(session, stored.state.carried.new.lock);
    }
    await lockVersions(session, context, stored);
    if (writes && !(await bringBackLast(session, context, writes))) {
      return false;
    }
    if (run.policy === 'coexist') {
      await dropVersionView(session, context, run.fromVersion);
      await dropVersionView(session, context, run.toVersion);
    }
    if (stored.state.strategy === 'metadata-only') {
      await undoInPlace(session, context, stored.state);
    } else {
      await putBack(session, context, stored);
    }
    if (stored.state.hadVersionView) {
      await createVersionView(session, context, {
        version: run.fromVersion,
        table: live,
      });
    }
    const { versionBefore } = stored.state;
    await (versionBefore
      ? writeVersions(session, live, versionBefore)
      : deleteVersions(session, live));
    await writeRun(session, run.migrationId, {
      ...stored,
      phase: 'rolled-back',
    });
    return true;
  });
}

async function bringBackLast(
  session: Session,
  context: RunContext,
  { way, snapshots }: Writes,
): Promise<boolean> {
  const { moved, all } = await bringBackUnderLock(session, context, way);
  return all && !(await snapshots.areHeld(session, moved > 0));
}

async function requireInForce(
  session: Session,
  { run, live }: RunContext,
  stored: StoredRun | undefined,
): Promise<StoredRun> {
  if (stored?.phase !== 'cut-over') {
    throw new ConflictError(
      `The migration ${run.migrationId} is ${
        stored?.phase ?? 'not prepared'
      }; there is no old version to go back to`,
    );
  }
  const versions = await readVersions(session, live);
  if (versions?.migrationId !== run.migrationId) {
    throw new ConflictError(
      `${run.location.display} has been migrated again since, to ${versions?.currentVersion}; roll that back first`,
    );
  }
  return stored;
}

async function putBack(
  session: Session,
  context: RunContext,
  { state }: StoredRun,
): Promise<void> {
  const { run, next, old, shadow, live } = context;
  await requireUntouchedTarget(session, context, state);
  if (run.policy === 'coexist') {
    await partVersions(session, context, state);
  } else {
    await createSchema(session, next, await ownerOf(session, live));
    await replaceTable(session, context, {
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
    });
    await dropSchema(session, old);
  }
  await stopWatchingWrites(session, targetFlag(state));
  await session.query(`DROP TABLE ${shadow}`);
  await dropSchema(session, next);
  // The old version has its rows, whatever was done to them there.
  await dropQuarantine(session, run.migrationId, state.quarantine);
}
