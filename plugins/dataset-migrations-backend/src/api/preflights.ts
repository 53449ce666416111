import {
  datasetDataReadPermission,
  datasetMigratePermission,
  datasetReadPermission,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  ApiContext,
  ApiRouter,
  audited,
  callerOf,
  readableDataset,
  refInPath,
  whileConnected,
} from './ApiContext';

/** Offending values shown for one finding. */
const SAMPLES = 10;

/** Scans before a start. They cost the store something, so the starter may migrate. */
export function addPreflightRoutes(
  router: ApiRouter,
  context: ApiContext,
): void {
  const { authorizer, initiators, controlPlane } = context;

  router.post(
    '/datasets/:kind/:namespace/:name/preflight',
    async (req, res) => {
      const credentials = await callerOf(context, req);
      const datasetRef = refInPath(req.params);
      const { targetVersion } = req.body;
      const report = await audited(
        context,
        {
          eventId: 'preflight-start',
          severityLevel: 'medium',
          request: req,
          meta: { datasetRef, targetVersion },
        },
        async () => {
          await readableDataset(context, credentials, datasetRef);
          const decision = await authorizer.require(
            credentials,
            datasetMigratePermission,
            datasetRef,
          );
          const by = await initiators.capture(credentials, decision);
          return controlPlane.preflights.start(
            datasetRef,
            targetVersion,
            by.subject,
          );
        },
      );
      res.status(202).json(report);
    },
  );

  router.get(
    '/datasets/:kind/:namespace/:name/preflight/:id',
    async (req, res) => {
      const credentials = await callerOf(context, req);
      const { id } = req.params;
      const datasetRef = refInPath(req.params);
      await authorizer.require(credentials, datasetReadPermission, datasetRef);
      const report = await controlPlane.preflights.get(datasetRef, id);
      const showsValues =
        report.state === 'done' &&
        report.findings.length > 0 &&
        (await authorizer.allows(
          credentials,
          datasetDataReadPermission,
          datasetRef,
        ));
      if (!showsValues) {
        res.json(report);
        return;
      }
      const withValues = await audited(
        context,
        {
          eventId: 'data-read',
          request: req,
          meta: { queryType: 'preflight', datasetRef, preflightId: id },
        },
        () =>
          controlPlane.preflights.getWithSamples(datasetRef, id, {
            samples: SAMPLES,
            signal: whileConnected(req),
          }),
      );
      res.json(withValues);
    },
  );
}
