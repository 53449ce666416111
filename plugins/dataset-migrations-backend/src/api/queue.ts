import { datasetReadPermission } from '@skein/backstage-plugin-dataset-migrations-common';
import { readFleet } from '../telemetry/readFleet';
import { ApiContext, ApiRouter, callerOf } from './ApiContext';

/** The work that waits, and the workers; names no dataset. */
export function addQueueRoutes(router: ApiRouter, context: ApiContext): void {
  const { authorizer, queueHistory } = context;

  async function assertReadsSome(req: Parameters<typeof callerOf>[1]) {
    const credentials = await callerOf(context, req);
    await authorizer.someScope(credentials, datasetReadPermission);
  }

  router.get('/queue', async (req, res) => {
    await assertReadsSome(req);
    res.json(await readFleet(context));
  });

  router.get('/queue/history', async (req, res) => {
    await assertReadsSome(req);
    res.json({ items: await queueHistory.list(req.query) });
  });
}
