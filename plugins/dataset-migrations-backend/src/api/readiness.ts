import { datasetMigratePermission } from '@skein/backstage-plugin-dataset-migrations-common';
import { findDatasetOf } from '../database/operations/migrations/findDatasetOf';
import { normalizeEntityRef } from '../datasets/entityRefs';
import {
  ApiContext,
  ApiRouter,
  audited,
  callerOf,
  readableDataset,
  refInPath,
} from './ApiContext';
import { aboutMigration } from '../permissions/rules';
import { describeConsumed } from './consumedDataset';
import { forCaller, readableMigration } from './migrationRequests';

/** How far the consumers of a migration are, and what their owners answer. */
export function addReadinessRoutes(
  router: ApiRouter,
  context: ApiContext,
): void {
  const { knex, authorizer, consumerAuthorizer, initiators } = context;
  const { migrations, readiness } = context.controlPlane;

  router.post(
    '/consumers/:kind/:namespace/:name/acknowledgements',
    async (req, res) => {
      const credentials = await callerOf(context, req);
      const consumerRef = refInPath(req.params);
      const request = {
        ...req.body,
        datasetRef: normalizeEntityRef(req.body.datasetRef, 'datasetRef'),
      };
      await audited(
        context,
        {
          eventId: 'consumer-acknowledge',
          severityLevel: 'medium',
          request: req,
          meta: { consumerRef, ...request },
        },
        async () => {
          await readableDataset(context, credentials, request.datasetRef);
          await consumerAuthorizer.require(credentials, consumerRef);
          await readiness.acknowledge(
            consumerRef,
            request,
            initiators.subjectOf(credentials),
          );
        },
      );
      res.status(202).json(
        await describeConsumed(context, credentials, {
          consumerRef,
          datasetRef: request.datasetRef,
        }),
      );
    },
  );

  router.get('/migrations/:id/consumers', async (req, res) => {
    const credentials = await callerOf(context, req);
    const { id } = await readableMigration(context, credentials, req.params.id);
    res.json(await readiness.board(id, withOwner(req.query)));
  });

  router.get('/migrations/:id/consumers.csv', async (req, res) => {
    const credentials = await callerOf(context, req);
    const { id } = await readableMigration(context, credentials, req.params.id);
    const csv = await readiness.boardCsv(id, withOwner(req.query));
    res
      .type('text/csv')
      .attachment(`consumers-${id}.csv`)
      .setHeader('X-Content-Type-Options', 'nosniff');
    res.send(csv);
  });

  router.get('/migrations/:id/blockers', async (req, res) => {
    const credentials = await callerOf(context, req);
    const { id } = await readableMigration(context, credentials, req.params.id);
    res.json(await migrations.blockers(id));
  });

  router.post('/migrations/:id/dates', async (req, res) => {
    const credentials = await callerOf(context, req);
    const { id } = req.params;
    const migration = await audited(
      context,
      {
        eventId: 'migration-dates',
        severityLevel: 'medium',
        request: req,
        meta: {
          migrationId: id,
          datasetRef: await findDatasetOf(knex, id),
          ...req.body,
        },
      },
      async () => {
        const { datasetRef, changes } = await readableMigration(
          context,
          credentials,
          id,
        );
        const decision = await authorizer.require(
          credentials,
          datasetMigratePermission,
          datasetRef,
          aboutMigration(changes),
        );
        const by = await initiators.capture(credentials, decision);
        return migrations.setDates(id, { ...req.body, by });
      },
    );
    res.status(202).json(await forCaller(context, credentials, migration));
  });
}

function withOwner<T extends { owner?: string }>(query: T): T {
  return {
    ...query,
    ...(query.owner && { owner: normalizeEntityRef(query.owner, 'owner') }),
  };
}
