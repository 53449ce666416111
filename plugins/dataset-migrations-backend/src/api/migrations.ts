import {
  datasetMigratePermission,
  datasetOverridePermission,
  Migration,
  MigrationAction,
  OverrideRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { findDatasetOf } from '../database/operations/migrations/findDatasetOf';
import { DatasetPermission } from '../permissions/DatasetAuthorizer';
import { aboutMigration } from '../permissions/rules';
import { Initiator } from '../permissions/initiators';
import { ApiContext, ApiRouter, audited, callerOf } from './ApiContext';
import {
  forCaller,
  listMigrations,
  readableMigration,
  showMigration,
  startMigration,
} from './migrationRequests';

/** Migrations: start, look, and what may be done about one. */
export function addMigrationRoutes(
  router: ApiRouter,
  context: ApiContext,
): void {
  const { knex, authorizer, initiators } = context;
  const { migrations } = context.controlPlane;

  router.get('/migrations', async (req, res) => {
    const credentials = await callerOf(context, req);
    res.json(await listMigrations(context, credentials, req.query));
  });

  router.post('/migrations', async (req, res) => {
    const credentials = await callerOf(context, req);
    const started = await startMigration(
      context,
      { credentials, request: req },
      { request: req.body, idempotencyKey: req.header('idempotency-key') },
    );
    res.status(202).json(started);
  });

  router.get('/migrations/:id', async (req, res) => {
    const credentials = await callerOf(context, req);
    res.json(await showMigration(context, credentials, req.params.id));
  });

  router.get('/migrations/:id/events', async (req, res) => {
    const credentials = await callerOf(context, req);
    await readableMigration(context, credentials, req.params.id);
    res.json(await migrations.events(req.params.id, req.query));
  });

  const actions: Array<{
    action: MigrationAction;
    permission: DatasetPermission;
    act(
      id: string,
      by: Initiator,
      body: Partial<OverrideRequest>,
    ): Promise<Migration>;
  }> = [
    {
      action: 'cancel',
      permission: datasetMigratePermission,
      act: (id, by) => migrations.cancel(id, by),
    },
    {
      action: 'retry',
      permission: datasetMigratePermission,
      act: (id, by) => migrations.retry(id, by),
    },
    {
      action: 'override',
      permission: datasetOverridePermission,
      act: (id, by, { reason = '', consumers = [], concernsId = '' }) =>
        migrations.override(id, { by, reason, consumers, concernsId }),
    },
    {
      action: 'coexist',
      permission: datasetMigratePermission,
      act: (id, by) => migrations.coexist(id, by),
    },
    {
      action: 'rollback',
      permission: datasetMigratePermission,
      act: (id, by) => migrations.rollback(id, by),
    },
    {
      action: 'retire',
      permission: datasetMigratePermission,
      act: (id, by) => migrations.retire(id, by),
    },
  ];
  for (const { action, permission, act } of actions) {
    router.post(`/migrations/:id/${action}`, async (req, res) => {
      const credentials = await callerOf(context, req);
      const { id } = req.params;
      const body: Partial<OverrideRequest> = req.body ?? {};
      const migration = await audited(
        context,
        {
          eventId: `migration-${action}`,
          severityLevel: action === 'override' ? 'high' : 'medium',
          request: req,
          meta: {
            migrationId: id,
            datasetRef: await findDatasetOf(knex, id),
            ...body,
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
            permission,
            datasetRef,
            aboutMigration(changes),
          );
          const by = await initiators.capture(credentials, decision);
          return act(id, by, body);
        },
      );
      res.status(202).json(await forCaller(context, credentials, migration));
    });
  }
}
