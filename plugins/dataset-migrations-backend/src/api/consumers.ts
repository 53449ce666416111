import { ApiContext, ApiRouter, callerOf, refInPath } from './ApiContext';
import { describeAllConsumed } from './consumedDataset';

/** An entity that reads more datasets than this is shown the first ones. */
const MAX_DATASETS = 200;

/** What an entity reads. */
export function addConsumerRoutes(
  router: ApiRouter,
  context: ApiContext,
): void {
  router.get('/consumers/:kind/:namespace/:name/datasets', async (req, res) => {
    const credentials = await callerOf(context, req);
    const items = await describeAllConsumed(
      context,
      credentials,
      refInPath(req.params),
      MAX_DATASETS,
    );
    res.json({ items });
  });
}
