import { datasetOverridePermission } from '@skein/backstage-plugin-dataset-migrations-common';
import { getAcceptedChange } from '../database/operations/acceptedChanges/getAcceptedChange';
import { pageAcceptedChanges } from '../database/operations/acceptedChanges/pageAcceptedChanges';
import { aboutMigration } from '../permissions/rules';
import {
  ApiContext,
  ApiRouter,
  audited,
  callerOf,
  readableDataset,
  refInPath,
} from './ApiContext';

/** Single changes that somebody accepts with a reason, which may lower a block (G6). */
export function addAcceptedChangeRoutes(
  router: ApiRouter,
  context: ApiContext,
): void {
  const { knex, authorizer, initiators } = context;
  const { readiness } = context.controlPlane;

  router.get(
    '/datasets/:kind/:namespace/:name/accepted-changes',
    async (req, res) => {
      const credentials = await callerOf(context, req);
      const datasetRef = refInPath(req.params);
      await readableDataset(context, credentials, datasetRef);
      res.json(await pageAcceptedChanges(knex, datasetRef, req.query));
    },
  );

  router.post(
    '/datasets/:kind/:namespace/:name/accepted-changes',
    async (req, res) => {
      const credentials = await callerOf(context, req);
      const datasetRef = refInPath(req.params);
      const accepted = await audited(
        context,
        {
          eventId: 'change-accept',
          severityLevel: 'high',
          request: req,
          meta: { datasetRef, ...req.body },
        },
        async () => {
          await readableDataset(context, credentials, datasetRef);
          const upcoming = await readiness.wayTo(
            datasetRef,
            req.body.targetVersion,
          );
          // By what the changes are graded, not by what is accepted of them already.
          await authorizer.require(
            credentials,
            datasetOverridePermission,
            datasetRef,
            aboutMigration(upcoming.plan.plan.changes),
          );
          return readiness.acceptChange(
            datasetRef,
            upcoming,
            req.body,
            initiators.subjectOf(credentials),
          );
        },
      );
      res.status(202).json(accepted);
    },
  );

  router.post(
    '/datasets/:kind/:namespace/:name/accepted-changes/:id/withdraw',
    async (req, res) => {
      const credentials = await callerOf(context, req);
      const datasetRef = refInPath(req.params);
      const { id } = req.params;
      const withdrawn = await audited(
        context,
        {
          eventId: 'change-withdraw',
          severityLevel: 'high',
          request: req,
          meta: { datasetRef, acceptedChangeId: id },
        },
        async () => {
          await readableDataset(context, credentials, datasetRef);
          const accepted = await getAcceptedChange(knex, datasetRef, id);
          await authorizer.require(
            credentials,
            datasetOverridePermission,
            datasetRef,
            { severity: accepted.effect },
          );
          return readiness.withdrawChange(
            accepted,
            initiators.subjectOf(credentials),
          );
        },
      );
      res.status(202).json(withdrawn);
    },
  );
}
