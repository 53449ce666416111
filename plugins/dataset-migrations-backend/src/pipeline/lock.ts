import { displayOf } from '../database/locations';
import { phaseOf } from './engineRun';
import { StageFunction } from './types';

/**
 * The lease is held and the fence raised by now. Begins with a fresh shadow:
 * what an earlier try left is of a source, or of a plan, that may have changed.
 */
export const lock: StageFunction = async context => {
  const { engine, record, checkpoint } = context;
  const runs = context.runs();
  if ((await phaseOf(engine, runs)) === 'cut-over') {
    return { kind: 'next', stage: 'cut-over' };
  }
  for (const { run } of runs) {
    if ((await engine.phase(run)) !== 'none') {
      await engine.abandon(run);
      await checkpoint('abandoned');
    }
  }
  for (const { run } of runs) {
    await engine.prepare(run);
    await checkpoint('prepared');
  }
  return {
    kind: 'next',
    stage: 'transform',
    patch: { progress: null, verification: null },
    announce: 'starting',
    message: `Holds ${displayOf(record)} with fence ${runs[0].run.fence}`,
  };
};
