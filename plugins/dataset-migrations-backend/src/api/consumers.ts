import { ApiContext, ApiRouter, callerOf, refInPath } from './ApiContext';
import { describeAllConsumed } from './consumedDataset';

/** As many as an entity may declare; it may depend on more. */
const MAX_DATASETS = 500;

/** What an entity reads. */
export function addConsumerRoutes(
  router: ApiRouter,
  context: ApiContext,
): void {
  router.get('/consumers/:kind/:namespace/:name/datasets', async (req, res) => {
    const credentials = await callerOf(context, req);
    res.json(
      await describeAllConsumed(
        context,
        credentials,
        refInPath(req.params),
        MAX_DATASETS,
      ),
    );
  });
}
