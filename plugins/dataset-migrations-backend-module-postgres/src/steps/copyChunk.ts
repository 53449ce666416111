import { ConflictError } from '@backstage/errors';
import { ChunkResult } from '@skein/backstage-plugin-dataset-migrations-node';
import { advanceLane, Lane, lockLane, readLanes } from '../control/lanes';
import { readRun, RunState, StoredRun, writeRun } from '../control/runs';
import { fencedTransaction } from '../control/fences';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { rowWriterFor, RowWriter } from '../rows/RowWriter';
import { explainFailure } from './explainFailure';
import { requireUnchangedSource } from './sourceChanges';

/**
 * Copies one chunk on each lane, rows and checkpoint in one transaction; when
 * all rows are in the shadow, builds one of its keys or indexes instead.
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
  const open = lanes.filter(({ nextBlock, endBlock }) => nextBlock < endBlock);
  if (open.length === 0) {
    const done = await finishNext(context, stored.state);
    return resultOf(stored.state, lanes, { done, rows: 0 });
  }
  const rows = await copyOnEveryLane(context, stored, open);
  return resultOf(stored.state, await readLanes(warehouse, run.migrationId), {
    done: false,
    rows,
  });
}

function resultOf(
  state: RunState,
  lanes: Lane[],
  chunk: { done: boolean; rows: number },
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
    chunksTotal: state.chunksTotal,
  };
}

/** All lanes are waited for, so that none goes on after the call is over. */
async function copyOnEveryLane(
  context: RunContext,
  { state }: StoredRun,
  lanes: Lane[],
): Promise<number> {
  const writer = rowWriterFor(context, state.columns, context.shadow);
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
  const { run, live } = context;
  const range = rangeOf(expected, state);
  const write = await writer.prepare(range);
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
        nextBlock: range.endBlock,
        rows,
      });
      return rows;
    },
  );
}

function rangeOf(lane: Lane, state: RunState) {
  return {
    firstBlock: lane.nextBlock,
    endBlock: Math.min(lane.endBlock, lane.nextBlock + state.chunkBlocks),
  };
}

/** @returns true when nothing is left to do */
async function finishNext(
  context: RunContext,
  state: RunState,
): Promise<boolean> {
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

async function finishOne(
  session: Session,
  { run }: RunContext,
): Promise<boolean> {
  const stored = (await readRun(session, run.migrationId, {
    forUpdate: true,
  }))!;
  const { state } = stored;
  if (stored.phase !== 'prepared') {
    return true;
  }
  if (state.finished < state.finish.length) {
    await session.query(state.finish[state.finished]);
  }
  const finished = Math.min(state.finished + 1, state.finish.length);
  const done = finished === state.finish.length;
  await writeRun(session, run.migrationId, {
    ...stored,
    phase: done ? 'copied' : 'prepared',
    state: { ...state, finished },
  });
  return done;
}
