import { assertError } from '@backstage/errors';
import { CatchUpResult } from '@skein/backstage-plugin-dataset-migrations-node';
import { SupersededError } from '../../database/SupersededError';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { listBlocked } from '../../database/operations/migrations/listForUpkeep';
import { LeaseHeldError } from '../../leases/types';
import { PipelineDependencies } from '../types';
import { withLease } from './withLease';

/**
 * A migration that waits at its cut over keeps up with what applications write,
 * so that neither the log beside the data grows for days nor the cut over has
 * much left to do when it comes.
 */
export async function catchUpWaiting(
  deps: PipelineDependencies,
  signal: AbortSignal,
): Promise<void> {
  for (const { id } of await listBlocked(deps.knex)) {
    signal.throwIfAborted();
    try {
      const found = await getMigration(deps.knex, id);
      if (found.stage === 'cut-over') {
        await withLease(deps, found, signal, async ({ engine, runs }) => {
          for (const { run } of runs) {
            let result: CatchUpResult;
            do {
              result = await engine.catchUp(run);
              // None came over: the engine waits for its store; later, then.
            } while (result.changesWaiting > 0 && result.changes > 0);
          }
        });
      }
    } catch (error) {
      assertError(error);
      // What is wrong with one of them shows at its cut over.
      if (
        !(error instanceof LeaseHeldError) &&
        !(error instanceof SupersededError)
      ) {
        deps.logger.warn(
          `Migration ${id} could not keep up with writes: ${error.message}`,
        );
      }
    }
  }
}
