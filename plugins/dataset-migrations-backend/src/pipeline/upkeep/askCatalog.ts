import { assertError } from '@backstage/errors';
import { listBlocked } from '../../database/operations/migrations/listForUpkeep';
import { PipelineDependencies } from '../types';

/** Datasets that one round asks the catalog about: a few requests each. */
const MAX_DATASETS = 50;

/**
 * Asks the catalog itself about datasets of blocked migrations and their consumers:
 * events of changes may be missed, and the reconciliation of all of it comes round more
 * rarely. What changed makes the migrations be judged anew, as any
 * change of the read model does.
 *
 * @returns a round; of more than {@link MAX_DATASETS} each takes the next ones
 */
export function createAskCatalog(
  deps: PipelineDependencies,
): (signal: AbortSignal) => Promise<void> {
  let last = '';
  return async signal => {
    const refs = [
      ...new Set(
        (await listBlocked(deps.knex)).map(({ datasetRef }) => datasetRef),
      ),
    ].sort();
    const inTurn = [
      ...refs.filter(ref => ref > last),
      ...refs.filter(ref => ref <= last),
    ];
    for (const ref of inTurn.slice(0, MAX_DATASETS)) {
      signal.throwIfAborted();
      await ask(deps, ref);
      last = ref;
    }
  };
}

async function ask(
  { directory, logger }: PipelineDependencies,
  datasetRef: string,
): Promise<void> {
  try {
    await directory.refreshDataset(datasetRef);
    await directory.refreshConsumers(datasetRef);
  } catch (error) {
    assertError(error);
    // It is asked again soon, and is judged by what is known until then.
    logger.debug(
      `Could not ask the catalog about ${datasetRef}: ${error.message}`,
    );
  }
}
