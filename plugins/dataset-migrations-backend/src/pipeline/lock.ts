import { StageFunction } from './types';

/**
 * The lease is held and the fence raised by now. Begins with a fresh shadow:
 * what an earlier try left is of a source, or of a plan, that may have changed.
 */
export const lock: StageFunction = async context => {
  const { engine, checkpoint } = context;
  const run = context.run();
  const phase = await engine.phase(run);
  if (phase === 'cut-over') {
    return { kind: 'next', stage: 'cut-over' };
  }
  if (phase !== 'none') {
    await engine.abandon(run);
    await checkpoint('abandoned');
  }
  await engine.prepare(run);
  await checkpoint('prepared');
  return {
    kind: 'next',
    stage: 'transform',
    patch: { progress: null, verification: null },
    message: `Holds ${run.location.display} with fence ${run.fence}`,
  };
};
