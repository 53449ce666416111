import { phaseOf } from './engineRun';
import { keepUp } from './keepUp';
import { ObjectChunks } from './ObjectChunks';
import { ProgressReports } from './ProgressReports';
import { shadowIsGone } from './shadowIsGone';
import { StageFunction } from './types';

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

  const chunks = new ObjectChunks(runs.length, record.enginePlan);
  const reports = new ProgressReports(context, chunks);
  const sliceMs = retryCount > 0 ? 0 : deps.settings.sliceMs;
  for (;;) {
    const { run } = runs[chunks.complete];
    const chunk = chunks.add(
      await engine.copyChunk(run, atWork =>
        reports.offer(reports.progressOf(chunks.add(atWork))),
      ),
    );
    await reports.settled();
    signal.throwIfAborted();
    deps.telemetry.rowsTransformed(engine.id, chunk.rows);
    await checkpoint('chunk');
    const progress = reports.progressOf(chunk);

    if (chunks.complete === runs.length) {
      return {
        kind: 'next',
        stage: 'verify',
        patch: { progress: { ...progress, secondsLeft: 0 } },
        message: `Copied ${chunk.rowsDone} rows in ${chunk.chunksDone} chunks`,
      };
    }
    // Whether an object is complete is asked for every time; that is no progress.
    if (!chunk.done && reports.elapsedMs >= sliceMs) {
      await keepUp(context, runs.slice(0, chunks.complete));
      return { kind: 'again', patch: { progress } };
    }
    reports.offer(progress);
    await reports.settled();
  }
};
