import { ProgressReports } from './ProgressReports';
import { shadowIsGone } from './shadowIsGone';
import { StageFunction } from './types';

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

  const reports = new ProgressReports(context);
  const sliceMs = retryCount > 0 ? 0 : deps.settings.sliceMs;
  for (;;) {
    const chunk = await engine.copyChunk(run, atWork =>
      reports.offer(reports.progressOf(atWork)),
    );
    await reports.settled();
    signal.throwIfAborted();
    deps.telemetry.rowsTransformed(engine.id, chunk.rows);
    await checkpoint('chunk');
    const progress = reports.progressOf(chunk);

    if (chunk.done) {
      return {
        kind: 'next',
        stage: 'verify',
        patch: { progress: { ...progress, secondsLeft: 0 } },
        message: `Copied ${chunk.rowsDone} rows in ${chunk.chunksDone} chunks`,
      };
    }
    if (reports.elapsedMs >= sliceMs) {
      return { kind: 'again', patch: { progress } };
    }
    reports.offer(progress);
    await reports.settled();
  }
};
