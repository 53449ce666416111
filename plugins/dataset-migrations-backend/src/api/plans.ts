import {
  ApiContext,
  ApiRouter,
  callerOf,
  readableDataset,
  refInPath,
} from './ApiContext';

/** What a migration would do, from metadata. */
export function addPlanRoutes(router: ApiRouter, context: ApiContext): void {
  const { controlPlane } = context;

  router.post('/datasets/:kind/:namespace/:name/plan', async (req, res) => {
    const credentials = await callerOf(context, req);
    const ref = refInPath(req.params);
    await readableDataset(context, credentials, ref);
    res.json(await controlPlane.planner.plan(ref, req.body));
  });
}
