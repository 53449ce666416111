import { CatchUpResult } from '@skein/backstage-plugin-dataset-migrations-node';
import { countChanges } from '../control/changeLog';
import { patchState, readRun, RunState } from '../control/runs';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { catchUpSome } from '../sync/catchUp';
import { isKeyed, KeyedState } from '../sync/writtenRows';
import { throttle } from '../throttle/throttle';
import { explainFailure } from './explainFailure';
import { inPhase } from './inPhase';
import { requireUnchangedSource } from './sourceChanges';
import { sourceFlag } from '../control/flags';

/** Entries of the log that go over in one transaction. */
const BATCH = 5_000;

/** So few that the lock of the cut over is asked for. */
const FEW = 200;

/**
 * What may have come till then and still goes over under the lock, of all tables
 * that are switched together.
 */
export const MOST = 2_000;

/**
 * Brings one batch of writes over, unless the server has enough to do; see
 * {@link Engine.catchUp}.
 */
export async function catchUp(context: RunContext): Promise<CatchUpResult> {
  const { warehouse } = context;
  const state = await stateToCatchUp(context);
  if (!state) {
    return { changes: 0, changesWaiting: 0 };
  }
  return (await throttle(context))
    ? {
        changes: 0,
        changesWaiting: await countChanges(warehouse, sourceFlag(state)),
      }
    : catchUpBatch(context, state);
}

/** Undefined when there are no writes to bring over, or not yet, or no more. */
async function stateToCatchUp({
  run,
  warehouse,
}: RunContext): Promise<KeyedState | undefined> {
  const stored = await readRun(warehouse, run.migrationId);
  return stored?.phase === 'copied' && isKeyed(stored.state)
    ? stored.state
    : undefined;
}

async function catchUpBatch(
  context: RunContext,
  state: KeyedState,
): Promise<CatchUpResult> {
  try {
    const done = await inPhase(context, 'copied', async (session, locked) => {
      const batch = await catchUpOnce(session, context, locked);
      await noteBroughtOver(session, context, locked, batch.moved);
      return batch;
    });
    return { changes: done?.moved ?? 0, changesWaiting: done?.left ?? 0 };
  } catch (error) {
    throw await explainFailure(context, state, error);
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
 * @param most - how many at most
 * @returns how many, and whether those are all: there may be more than it
 *   should hold the lock for
 */
export async function catchUpUnderLock(
  session: Session,
  context: RunContext,
  state: RunState,
  most: number,
): Promise<{ moved: number; all: boolean }> {
  if (!isKeyed(state)) {
    return { moved: 0, all: true };
  }
  const moved = await catchUpSome(session, context, state, most);
  return { moved, all: moved < most };
}

/** The rules on many rows are judged again then, before the cut over. */
async function noteBroughtOver(
  session: Session,
  { run }: RunContext,
  { broughtOver }: RunState,
  moved: number,
): Promise<void> {
  if (moved > 0 && !broughtOver) {
    await patchState(session, run.migrationId, { broughtOver: true });
  }
}

/**
 * Brings over what waits until so little is left that the rest can go over
 * under a lock; gives up getting nearer when writers are as fast. Not throttled:
 * the cut over was asked for, and what is left for it grows by waiting.
 */
export async function converge(context: RunContext): Promise<void> {
  const state = await stateToCatchUp(context);
  let rounds = 50;
  while (
    state &&
    rounds > 0 &&
    (await catchUpBatch(context, state)).changes > FEW
  ) {
    rounds -= 1;
  }
}
