import { NotAllowedError } from '@backstage/errors';
import { datasetReadPermission } from '@skein/backstage-plugin-dataset-migrations-common';
import { ApiContext, ApiRouter, callerOf } from './ApiContext';

/** The work that waits, and the workers; names no dataset. */
export function addQueueRoutes(router: ApiRouter, context: ApiContext): void {
  const { authorizer, queue, queueHistory, workers } = context;

  async function assertReadsSome(req: Parameters<typeof callerOf>[1]) {
    const credentials = await callerOf(context, req);
    const scope = await authorizer.scope(credentials, datasetReadPermission);
    if (scope.kind === 'none') {
      throw new NotAllowedError(
        `The permission '${datasetReadPermission.name}' is needed for some dataset`,
      );
    }
  }

  router.get('/queue', async (req, res) => {
    await assertReadsSome(req);
    const [stats, alive] = await Promise.all([queue.stats(), workers.alive()]);
    res.json({ ...stats, workersAlive: alive.length, workers: alive });
  });

  router.get('/queue/history', async (req, res) => {
    await assertReadsSome(req);
    res.json({ items: await queueHistory.list(req.query) });
  });
}
