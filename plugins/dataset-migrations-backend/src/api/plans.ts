import { ApiContext, ApiRouter, callerOf, refInPath } from './ApiContext';
import { planMigration } from './migrationRequests';

/** What a migration would do, from metadata. */
export function addPlanRoutes(router: ApiRouter, context: ApiContext): void {
  router.post('/datasets/:kind/:namespace/:name/plan', async (req, res) => {
    const credentials = await callerOf(context, req);
    const ref = refInPath(req.params);
    res.json(await planMigration(context, credentials, ref, req.body));
  });
}
