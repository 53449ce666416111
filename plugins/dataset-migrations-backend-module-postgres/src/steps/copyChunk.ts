import { ConflictError } from '@backstage/errors';
import { ChunkResult } from '@skein/backstage-plugin-dataset-migrations-node';
import { advanceLane, Lane, lockLane, readLanes } from '../control/lanes';
import { readRun, RunState, StoredRun, writeRun } from '../control/runs';
import { fencedTransaction } from '../control/fences';
import { Session } from '../connection/Session';
import { soleProjection } from '../emit/projection';
import { RunContext } from '../RunContext';
import { settingAside } from '../quarantine/asideRowWriter';
import { rowsOfBlocks } from '../rows/RowSelection';
import { rowWriterFor, RowWriter } from '../rows/RowWriter';
import { throttle } from '../throttle/throttle';
import { nextChunkBlocks } from './chunkSize';
import { catchUpOnce } from './catchUp';
import { explainFailure } from './explainFailure';
import { requireUnchangedSource } from './sourceChanges';

/** How much larger than configured a chunk may become. */
const MOST_TIMES = 10;

/**
 * Copies one chunk on each lane, rows and checkpoint in one transaction; when
 * all rows are in the shadow, builds one of its keys or indexes instead, and at
 * last brings over what was written meanwhile.
 */
export async function copyChunk(context: RunContext): Promise<ChunkResult> {
  const { run, warehouse } = context;
  run.signal.throwIfAborted();
  const stored = await readRun(warehouse, run.migrationId);
  if (!stored || stored.phase === 'none') {
    throw new ConflictError(
      `The migration ${run.migrationId} is not prepared; there is nothing to copy into`,
    );
  }
  const lanes = await readLanes(warehouse, run.migrationId);
  if (stored.phase !== 'prepared') {
    return resultOf(stored.state, lanes, { done: true, rows: 0 });
  }
  const throttledBy = await throttle(context);
  if (throttledBy) {
    return resultOf(stored.state, lanes, { done: false, rows: 0, throttledBy });
  }
  const open = lanes.filter(({ nextBlock, endBlock }) => nextBlock < endBlock);
  if (open.length === 0) {
    const step = await finishNext(context, stored.state);
    return resultOf(stored.state, lanes, { ...step, rows: 0 });
  }
  const rows = await copyOnEveryLane(context, stored, open);
  return resultOf(stored.state, await readLanes(warehouse, run.migrationId), {
    done: false,
    rows,
    activity: 'copying',
  });
}

/** What one call came to, apart from rows. */
type Step = Pick<
  ChunkResult,
  'done' | 'activity' | 'changesWaiting' | 'throttledBy'
>;

function resultOf(
  state: RunState,
  lanes: Lane[],
  chunk: Step & { rows: number },
): ChunkResult {
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0);
  const rowsDone = sum(lanes.map(lane => lane.rowsDone));
  const copied = lanes.every(lane => lane.nextBlock >= lane.endBlock);
  return {
    ...chunk,
    rowsDone,
    // The estimate gives way to the count once there is one.
    rowsTotal: copied ? rowsDone : Math.max(state.rowsTotal ?? 0, rowsDone),
    chunksDone: sum(lanes.map(lane => lane.chunksDone)),
    chunksTotal: sum(
      lanes.map(lane => lane.chunksDone + chunksLeft(state, lane)),
    ),
  };
}

/** At the size that the lane's chunks have come to. */
function chunksLeft(state: RunState, lane: Lane): number {
  const { nextBlock, endBlock } = lane;
  return Math.ceil((endBlock - nextBlock) / chunkBlocksOf(state, lane));
}

function chunkBlocksOf(state: RunState, lane: Lane): number {
  return lane.chunkBlocks ?? state.chunkBlocks;
}

/** All lanes are waited for, so that none goes on after the call is over. */
async function copyOnEveryLane(
  context: RunContext,
  { state }: StoredRun,
  lanes: Lane[],
): Promise<number> {
  const writer = settingAside(
    context,
    state,
    rowWriterFor(context, state.columns, context.shadow),
  );
  const outcomes = await Promise.allSettled(
    lanes.map(lane => copyOnLane(context, state, writer, lane)),
  );
  const failed = outcomes.find(outcome => outcome.status === 'rejected');
  if (failed) {
    throw await explainFailure(context, state, failed.reason);
  }
  return outcomes.reduce(
    (rows, outcome) =>
      rows + (outcome.status === 'fulfilled' ? outcome.value : 0),
    0,
  );
}

async function copyOnLane(
  context: RunContext,
  state: RunState,
  writer: RowWriter,
  expected: Lane,
): Promise<number> {
  const { run, live, settings } = context;
  const endBlock = Math.min(
    expected.endBlock,
    expected.nextBlock + chunkBlocksOf(state, expected),
  );
  const started = performance.now();
  const write = await writer.prepare(
    rowsOfBlocks(state, expected.nextBlock, endBlock),
  );
  return fencedTransaction(
    context,
    { settings: { synchronous_commit: 'off' } },
    async session => {
      const lane = await lockLane(session, run.migrationId, expected.lane);
      if (lane.nextBlock !== expected.nextBlock) {
        return 0;
      }
      // CLUSTER and its like would move rows to other blocks.
      await session.query(`LOCK TABLE ${live} IN ACCESS SHARE MODE`);
      await requireUnchangedSource(session, context, state);
      const rows = await write(session);
      await advanceLane(session, run.migrationId, lane, {
        nextBlock: endBlock,
        rows,
        chunkBlocks: nextChunkBlocks(
          {
            blocks: endBlock - expected.nextBlock,
            seconds: (performance.now() - started) / 1000,
          },
          {
            chunkSeconds: settings.chunkSeconds,
            most: mostBlocks(context, state),
          },
        ),
      });
      return rows;
    },
  );
}

/** Batches of agents go through memory and never get larger than configured. */
function mostBlocks({ run }: RunContext, { chunkBlocks }: RunState): number {
  return soleProjection(run.mapping) ? MOST_TIMES * chunkBlocks : chunkBlocks;
}

/**
 * Builds what is left to build, one key or index in a transaction, then brings
 * writes over until none waits.
 */
async function finishNext(context: RunContext, state: RunState): Promise<Step> {
  try {
    return await fencedTransaction(
      context,
      { settings: { synchronous_commit: 'on' } },
      session => finishOne(session, context),
    );
  } catch (error) {
    throw await explainFailure(context, state, error);
  }
}

async function finishOne(session: Session, context: RunContext): Promise<Step> {
  const { migrationId } = context.run;
  const stored = (await readRun(session, migrationId, { forUpdate: true }))!;
  const { state } = stored;
  if (stored.phase !== 'prepared') {
    return { done: true };
  }
  if (state.finished < state.finish.length) {
    await session.query(state.finish[state.finished]);
    await writeRun(session, migrationId, {
      ...stored,
      state: { ...state, finished: state.finished + 1 },
    });
    return { done: false, activity: 'indexing' };
  }
  const entries = await catchUpOnce(session, context, state);
  if (entries.left > 0) {
    return {
      done: false,
      activity: 'catching-up',
      changesWaiting: entries.left,
    };
  }
  await writeRun(session, migrationId, { ...stored, phase: 'copied' });
  return { done: true, activity: 'catching-up', changesWaiting: 0 };
}
