import { datasetDataReadPermission } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  ApiContext,
  ApiRouter,
  audited,
  callerOf,
  readableDataset,
  refInPath,
  whileConnected,
} from './ApiContext';

const DEFAULT_ROWS = 10;

/** Real rows before and after; audited, as values are shown (G11). */
export function addPreviewRoutes(router: ApiRouter, context: ApiContext): void {
  const { authorizer, controlPlane } = context;

  router.post('/datasets/:kind/:namespace/:name/preview', async (req, res) => {
    const credentials = await callerOf(context, req);
    const datasetRef = refInPath(req.params);
    const { targetVersion, limit = DEFAULT_ROWS } = req.body;
    const preview = await audited(
      context,
      {
        eventId: 'data-read',
        request: req,
        meta: { queryType: 'preview', datasetRef, targetVersion },
      },
      async () => {
        await readableDataset(context, credentials, datasetRef);
        await authorizer.require(
          credentials,
          datasetDataReadPermission,
          datasetRef,
        );
        return controlPlane.planner.preview(datasetRef, targetVersion, {
          limit,
          signal: whileConnected(req),
        });
      },
    );
    res.json(preview);
  });
}
