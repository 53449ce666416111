import { TransformProgress } from '@skein/backstage-plugin-dataset-migrations-common';
import { ChunkResult } from '@skein/backstage-plugin-dataset-migrations-node';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { estimateProgress } from './estimateProgress';
import { shadowIsGone } from './shadowIsGone';
import { StageContext, StageFunction } from './types';

/** Often enough for people who watch, rarely enough for the database. */
const REPORT_MS = 1000;

/**
 * Copies chunks for one slice of time, then passes on. After a crash it passes
 * on after every chunk, so that a chunk that kills its worker is the only one
 * that uses up retries.
 */
export const transform: StageFunction = async context => {
  const { deps, engine, retryCount, signal, checkpoint } = context;
  const run = context.run();
  const gone = shadowIsGone(await engine.phase(run));
  if (gone) {
    return gone;
  }

  const started = performance.now();
  const elapsed = () => performance.now() - started;
  const sliceMs = retryCount > 0 ? 0 : deps.settings.sliceMs;
  let first: ChunkResult | undefined;
  let reportedAt = 0;
  for (;;) {
    const chunk = await engine.copyChunk(run);
    signal.throwIfAborted();
    deps.telemetry.rowsTransformed(engine.id, chunk.rows);
    await checkpoint('chunk');
    first ??= chunk;
    const progress = estimateProgress({
      chunk,
      rowsInSlice: chunk.rowsDone - first.rowsDone + first.rows,
      elapsedMs: elapsed(),
    });

    if (chunk.done) {
      return {
        kind: 'next',
        stage: 'verify',
        patch: { progress: { ...progress, secondsLeft: 0 } },
        message: `Copied ${chunk.rowsDone} rows in ${chunk.chunksDone} chunks`,
      };
    }
    if (elapsed() >= sliceMs) {
      return { kind: 'again', patch: { progress } };
    }
    if (elapsed() - reportedAt >= REPORT_MS) {
      reportedAt = elapsed();
      await report(context, progress);
    }
  }
};

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
