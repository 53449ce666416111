import { CatchUpResult } from '@skein/backstage-plugin-dataset-migrations-node';
import { countChanges } from '../control/changeLog';
import { fencedTransaction } from '../control/fences';
import { readRun, RunState } from '../control/runs';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { catchUpSome } from '../sync/catchUp';
import { isKeyed } from '../sync/writtenRows';
import { throttle } from '../throttle/throttle';
import { explainFailure } from './explainFailure';
import { requireUnchangedSource } from './sourceChanges';
import { sourceFlag } from '../control/flags';

/** Entries of the log that go over in one transaction. */
const BATCH = 5_000;

/** So few that they can go over under the lock of the cut over. */
const FEW = 200;

/**
 * Brings one batch of writes over, unless the server has enough to do; see
 * {@link Engine.catchUp}.
 */
export async function catchUp(context: RunContext): Promise<CatchUpResult> {
  const { run, warehouse } = context;
  const stored = await readRun(warehouse, run.migrationId);
  return stored?.phase === 'copied' &&
    isKeyed(stored.state) &&
    (await throttle(context))
    ? {
        changes: 0,
        changesWaiting: await countChanges(warehouse, sourceFlag(stored.state)),
      }
    : catchUpBatch(context);
}

async function catchUpBatch(context: RunContext): Promise<CatchUpResult> {
  const { run, warehouse } = context;
  const stored = await readRun(warehouse, run.migrationId);
  if (stored?.phase !== 'copied' || !isKeyed(stored.state)) {
    return { changes: 0, changesWaiting: 0 };
  }
  try {
    const { moved, left } = await fencedTransaction(
      context,
      { settings: { synchronous_commit: 'off' } },
      async session => {
        const locked = await readRun(session, run.migrationId, {
          forUpdate: true,
        });
        return locked?.phase === 'copied'
          ? catchUpOnce(session, context, locked.state)
          : { moved: 0, left: 0 };
      },
    );
    return { changes: moved, changesWaiting: left };
  } catch (error) {
    throw await explainFailure(context, stored.state, error);
  }
}

/** As {@link catchUp}, in a transaction that holds the run. */
export async function catchUpOnce(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<{ moved: number; left: number }> {
  if (!isKeyed(state)) {
    return { moved: 0, left: 0 };
  }
  await requireUnchangedSource(session, context, state);
  const moved = await catchUpSome(session, context, state, BATCH);
  const left =
    moved < BATCH ? 0 : await countChanges(session, sourceFlag(state));
  return { moved, left };
}

/**
 * Brings the last writes over, in a transaction that keeps writers out.
 *
 * @returns false when there are more than it should hold the lock for
 */
export async function catchUpUnderLock(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<boolean> {
  return (
    !isKeyed(state) ||
    (await catchUpSome(session, context, state, 10 * FEW)) < 10 * FEW
  );
}

/**
 * Brings over what waits until so little is left that the rest can go over
 * under a lock; gives up getting nearer when writers are as fast. Not throttled:
 * the cut over was asked for, and what is left for it grows by waiting.
 */
export async function converge(context: RunContext): Promise<void> {
  for (let round = 0; round < 50; round += 1) {
    const { changes } = await catchUpBatch(context);
    if (changes <= FEW) {
      return;
    }
  }
}
