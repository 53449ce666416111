import { ConflictError } from '@backstage/errors';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { openRun, recordOf } from './openRun';
import { removeRun } from './removeRun';

/**
 * Removes what a run left that did not cut over.
 *
 * @throws ConflictError when it did: then these files are a version
 */
export async function abandon(
  context: EngineContext,
  run: EngineRun,
): Promise<void> {
  const { place, log } = await openRun(context, run);
  const record = recordOf(await log.hold(run.fence), run);
  if (record) {
    throw new ConflictError(
      `Migration ${run.migrationId} is ${record.phase}, there is nothing to abandon`,
    );
  }
  await removeRun(context, place, run.migrationId);
}
