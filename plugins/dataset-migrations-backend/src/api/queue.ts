import { datasetReadPermission } from '@skein/backstage-plugin-dataset-migrations-common';
import { ApiContext, ApiRouter, callerOf } from './ApiContext';

/** The work that waits, and the workers; names no dataset. */
export function addQueueRoutes(router: ApiRouter, context: ApiContext): void {
  const { authorizer, queue, workers } = context;

  router.get('/queue', async (req, res) => {
    const credentials = await callerOf(context, req);
    await authorizer.someScope(credentials, datasetReadPermission);
    const [stats, alive] = await Promise.all([queue.stats(), workers.alive()]);
    res.json({ ...stats, workersAlive: alive.length, workers: alive });
  });
}
