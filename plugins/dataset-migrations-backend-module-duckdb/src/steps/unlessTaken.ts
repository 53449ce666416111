import {
  EngineRun,
  FencedError,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { openRun } from './openRun';

/**
 * Runs a step of a run. Whoever takes a run over clears away what the step works
 * on; what fails after that fails for that reason, whatever it says itself.
 *
 * @throws FencedError when a higher token stands there; else what the step throws
 */
export async function unlessTaken<T>(
  context: EngineContext,
  run: EngineRun,
  step: () => Promise<T>,
): Promise<T> {
  try {
    return await step();
  } catch (error) {
    const taken = await takenFrom(context, run);
    throw taken ?? error;
  }
}

/** What says that a run was taken over, undefined where that cannot be seen. */
async function takenFrom(
  context: EngineContext,
  run: EngineRun,
): Promise<FencedError | undefined> {
  try {
    const { log } = await openRun(context, run);
    await log.assertNotTaken(run.fence);
    return undefined;
  } catch (error) {
    return error instanceof FencedError ? error : undefined;
  }
}
