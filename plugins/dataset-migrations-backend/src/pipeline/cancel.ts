import { published } from './cutOver';
import { phaseOf } from './engineRun';
import { StageFunction } from './types';

/**
 * Removes what an unfinished run left. A cancellation that comes after the
 * switch comes too late: what readers see already is not taken from them, that
 * would be a roll back. It may have interrupted what follows a switch, though,
 * so the engine is asked again, as by whoever takes over from a crashed worker.
 */
export const cancel: StageFunction = async context => {
  const { deps, engine, record, checkpoint } = context;
  const cancelled = {
    kind: 'finished',
    state: 'cancelled',
    announce: 'cancelled',
    message: 'Cancelled; the data are as they were',
  } as const;
  if (record.fence === undefined) {
    return cancelled;
  }
  const runs = context.runs();
  if ((await phaseOf(engine, runs)) === 'cut-over') {
    await engine.cutOver(runs[0].run);
    await checkpoint('switched');
    return {
      kind: 'finished',
      state: 'succeeded',
      announce: 'succeeded',
      message: `The cancellation came after the cut over: ${record.datasetRef} is at version ${record.toVersion}`,
      ...published(context, deps.settings.rollbackWindowMs),
    };
  }
  for (const { run } of runs) {
    await engine.abandon(run);
  }
  await checkpoint('abandoned');
  return cancelled;
};
