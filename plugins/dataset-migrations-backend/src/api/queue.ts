import { datasetReadPermission } from '@skein/backstage-plugin-dataset-migrations-common';
import { readFleet } from '../telemetry/readFleet';
import { ApiContext, ApiRouter, callerOf } from './ApiContext';

/** The work that waits, and the workers; names no dataset. */
export function addQueueRoutes(router: ApiRouter, context: ApiContext): void {
  const { authorizer } = context;

  router.get('/queue', async (req, res) => {
    const credentials = await callerOf(context, req);
    await authorizer.someScope(credentials, datasetReadPermission);
    res.json(await readFleet(context));
  });
}
