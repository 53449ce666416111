import { TransformProgress } from '@skein/backstage-plugin-dataset-migrations-common';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { PartRun, phaseOf } from './engineRun';
import { estimateProgress } from './estimateProgress';
import { ObjectChunks } from './ObjectChunks';
import { shadowIsGone } from './shadowIsGone';
import { StageContext, StageFunction } from './types';

/** Often enough for people who watch, rarely enough for the database. */
const REPORT_MS = 1000;

/**
 * Copies chunks for one slice of time, object after object, then passes on.
 * After a crash it passes on after every chunk, so that a chunk that kills its
 * worker is the only one that uses up retries.
 */
export const transform: StageFunction = async context => {
  const { deps, engine, record, retryCount, signal, checkpoint } = context;
  const runs = context.runs();
  const gone = shadowIsGone(await phaseOf(engine, runs));
  if (gone) {
    return gone;
  }
  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const sliceMs = retryCount > 0 ? 0 : deps.settings.sliceMs;
  const chunks = new ObjectChunks(runs.length, record.enginePlan);
  let reportedAt = 0;
  for (;;) {
    const { run } = runs[chunks.complete];
    const chunk = chunks.add(await engine.copyChunk(run));
    signal.throwIfAborted();
    deps.telemetry.rowsTransformed(engine.id, chunk.rows);
    await checkpoint('chunk');
    const progress = estimateProgress({
      chunk,
      rowsInSlice: chunks.rowsInSlice,
      elapsedMs: elapsed(),
    });
    if (chunks.complete === runs.length) {
      return {
        kind: 'next',
        stage: 'verify',
        patch: { progress: { ...progress, secondsLeft: 0 } },
        message: `Copied ${chunk.rowsDone} rows in ${chunk.chunksDone} chunks`,
      };
    }
    // Whether an object is complete is asked for every time; that is no progress.
    if (!chunk.done && elapsed() >= sliceMs) {
      await keepUp(context, runs.slice(0, chunks.complete));
      return { kind: 'again', patch: { progress } };
    }
    if (elapsed() - reportedAt >= REPORT_MS) {
      reportedAt = elapsed();
      await report(context, progress);
    }
  }
};

/**
 * Brings over some of what was written to the objects that are copied already,
 * so that little is left when the last one is.
 */
async function keepUp(
  { engine }: StageContext,
  complete: PartRun[],
): Promise<void> {
  for (const { run } of complete) {
    await engine.catchUp(run);
  }
}

async function report(
  { deps, record }: StageContext,
  progress: TransformProgress,
): Promise<void> {
  await deps.knex.transaction(trx =>
    transitionMigration(trx, record, { progress }),
  );
  const { id: migrationId, datasetRef } = record;
  deps.migrationChanged({ migrationId, datasetRef });
}
