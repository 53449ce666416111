import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  datasetDataReadPermission,
  datasetMigratePermission,
  datasetOverridePermission,
  datasetReadPermission,
  Migration,
  MigrationAction,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { normalizeEntityRef } from '../datasets/entityRefs';
import { DatasetPermission } from '../permissions/DatasetAuthorizer';
import { Initiator } from '../permissions/initiators';
import {
  ApiContext,
  ApiRouter,
  audited,
  callerOf,
  readableDataset,
} from './ApiContext';

/** Migrations: start, look, and what may be done about one. */
export function addMigrationRoutes(
  router: ApiRouter,
  context: ApiContext,
): void {
  const { authorizer, initiators } = context;
  const { migrations } = context.controlPlane;

  router.get('/migrations', async (req, res) => {
    const credentials = await callerOf(context, req);
    const scope = await authorizer.scope(credentials, datasetReadPermission);
    const { datasetRef, ...query } = req.query;
    const request = {
      ...query,
      datasetRef: datasetRef && normalizeEntityRef(datasetRef, 'datasetRef'),
    };
    res.json(await migrations.list(request, scope));
  });

  router.post('/migrations', async (req, res) => {
    const credentials = await callerOf(context, req);
    const datasetRef = normalizeEntityRef(req.body.datasetRef, 'datasetRef');
    const request = { ...req.body, datasetRef };
    const started = await audited(
      context,
      {
        eventId: 'migration-start',
        severityLevel: 'medium',
        request: req,
        meta: { ...request },
      },
      async () => {
        await readableDataset(context, credentials, datasetRef);
        const decision = await authorizer.require(
          credentials,
          datasetMigratePermission,
          datasetRef,
        );
        return migrations.start({
          request,
          initiator: await initiators.capture(credentials, decision),
          idempotencyKey: req.header('idempotency-key'),
        });
      },
    );
    res.status(202).json(await forCaller(context, credentials, started));
  });

  router.get('/migrations/:id', async (req, res) => {
    const credentials = await callerOf(context, req);
    const migration = await readable(context, credentials, req.params.id);
    res.json(await forCaller(context, credentials, migration));
  });

  router.get('/migrations/:id/events', async (req, res) => {
    const credentials = await callerOf(context, req);
    await readable(context, credentials, req.params.id);
    res.json(await migrations.events(req.params.id, req.query));
  });

  const actions: Array<{
    action: MigrationAction;
    permission: DatasetPermission;
    act(
      id: string,
      by: Initiator,
      body: { reason?: string },
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
      act: (id, by, { reason = '' }) => migrations.override(id, { by, reason }),
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
      const { datasetRef } = await readable(context, credentials, id);
      const body: { reason?: string } = req.body ?? {};
      const migration = await audited(
        context,
        {
          eventId: `migration-${action}`,
          severityLevel: action === 'override' ? 'high' : 'medium',
          request: req,
          meta: { migrationId: id, datasetRef, ...body },
        },
        async () => {
          const decision = await authorizer.require(
            credentials,
            permission,
            datasetRef,
          );
          const by = await initiators.capture(credentials, decision);
          return act(id, by, body);
        },
      );
      res.status(202).json(await forCaller(context, credentials, migration));
    });
  }
}

async function readable(
  { authorizer, controlPlane }: ApiContext,
  credentials: BackstageCredentials,
  id: string,
): Promise<Migration> {
  const migration = await controlPlane.migrations.get(id);
  await authorizer.require(
    credentials,
    datasetReadPermission,
    migration.datasetRef,
  );
  return migration;
}

/**
 * A migration as the caller may see it: with the actions that they may take,
 * and without the keys of rows unless they may see values (G11).
 */
async function forCaller(
  { authorizer }: ApiContext,
  credentials: BackstageCredentials,
  migration: Migration,
): Promise<Migration> {
  const { datasetRef, verification } = migration;
  const may = (permission: DatasetPermission) =>
    authorizer.allows(credentials, permission, datasetRef);
  const [mayMigrate, mayOverride, maySeeValues] = await Promise.all([
    may(datasetMigratePermission),
    may(datasetOverridePermission),
    may(datasetDataReadPermission),
  ]);
  return {
    ...migration,
    actions: migration.actions.filter(action =>
      action === 'override' ? mayOverride : mayMigrate,
    ),
    verification: verification && {
      ...verification,
      mismatches: verification.mismatches.map(mismatch =>
        maySeeValues
          ? mismatch
          : {
              object: mismatch.object,
              column: mismatch.column,
              ranges: [],
              message: `Differs; the permission '${datasetDataReadPermission.name}' shows where`,
            },
      ),
    },
  };
}
