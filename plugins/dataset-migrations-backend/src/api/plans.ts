import { datasetReadPermission } from '@skein/backstage-plugin-dataset-migrations-common';
import { ApiContext, ApiRouter, callerOf, refInPath } from './ApiContext';

/** What a migration would do, from metadata. */
export function addPlanRoutes(router: ApiRouter, context: ApiContext): void {
  const { authorizer, controlPlane } = context;

  router.post('/datasets/:kind/:namespace/:name/plan', async (req, res) => {
    const credentials = await callerOf(context, req);
    const ref = refInPath(req.params);
    await authorizer.require(credentials, datasetReadPermission, ref);
    res.json(await controlPlane.planner.plan(ref, req.body.targetVersion));
  });
}
