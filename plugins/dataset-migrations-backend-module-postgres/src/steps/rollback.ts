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
import { replaceTable } from '../shadow/replaceTable';
import { createSchema, dropSchema } from '../shadow/schemas';
import { createVersionView, dropVersionView } from '../shadow/versionViews';
import { readTable } from '../table/readTable';
import { sourceFlag, targetFlag } from './sourceChanges';
import { requireUntouchedTarget } from './targetChanges';
import { withTableLock } from './tableLock';
import { undoInPlace } from './undoInPlace';

/**
 * Puts the old version back, with the version recorded before, in one
 * transaction. A copy is put back exactly; a change of metadata keeps what was
 * written since.
 *
 * @throws ConflictError when the new version is a copy and was written, altered
 *   or built upon since, or is not the one in force any more
 */
export async function rollback(context: RunContext): Promise<void> {
  const { run, live } = context;
  await withTableLock(context, async session => {
    const found = await readRun(session, run.migrationId, {
      forUpdate: true,
    });
    if (found?.phase === 'rolled-back') {
      return;
    }
    const stored = await requireInForce(session, context, found);
    await lockVersions(session, context, stored);
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
  });
  await validateCarried(context, 'old');
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

/** Keeps writers out of the old version, and of a copy that stands beside it. */
async function lockVersions(
  session: Session,
  { run, live, shadow }: RunContext,
  { state }: StoredRun,
): Promise<void> {
  if (run.policy === 'switch') {
    await runAll(session, state.carried.new.lock);
  }
  const beside = run.policy === 'coexist' && state.strategy === 'shadow-copy';
  await session.query(
    `LOCK TABLE ${
      beside ? `${live}, ${shadow}` : live
    } IN ACCESS EXCLUSIVE MODE`,
  );
}

async function putBack(
  session: Session,
  context: RunContext,
  { state }: StoredRun,
): Promise<void> {
  const { run, next, old, shadow, place } = context;
  await requireUntouchedTarget(session, context, state);
  if (run.policy === 'switch') {
    const { owner } = (await readTable(session, place))!;
    await createSchema(session, next, owner);
    await replaceTable(session, context, {
      incoming: old,
      aside: next,
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
  await stopWatchingWrites(session, sourceFlag(state));
  await stopWatchingWrites(session, targetFlag(state));
  await session.query(`DROP TABLE ${shadow}`);
  await dropSchema(session, next);
}
