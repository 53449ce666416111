import { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  datasetDataReadPermission,
  datasetMigratePermission,
  datasetOverridePermission,
  datasetReadPermission,
  ListMigrationsRequest,
  Migration,
  MigrationSummary,
  Page,
  PlanRequest,
  PlanResponse,
  StartMigrationRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { normalizeEntityRef } from '../datasets/entityRefs';
import { DatasetPermission } from '../permissions/DatasetAuthorizer';
import { aboutMigration } from '../permissions/rules';
import { ApiContext, audited, Caller, readableDataset } from './ApiContext';

/*
 * What may be asked of migrations, by the routes and by the actions: who may,
 * what of it is audited, and what of the answer the caller may see.
 */

/**
 * @throws NotAllowedError; NotFoundError and InputError as `Planner.plan` does
 */
export async function planMigration(
  context: ApiContext,
  credentials: BackstageCredentials,
  datasetRef: string,
  request: PlanRequest,
): Promise<PlanResponse> {
  await readableDataset(context, credentials, datasetRef);
  return context.controlPlane.planner.plan(datasetRef, request);
}

/**
 * @throws NotAllowedError without `dataset.read` and `dataset.migrate`; else as
 *   `MigrationService.start` does
 */
export async function startMigration(
  context: ApiContext,
  caller: Caller,
  options: { request: StartMigrationRequest; idempotencyKey?: string },
): Promise<Migration> {
  const { authorizer, initiators, controlPlane } = context;
  const { credentials } = caller;
  const datasetRef = normalizeEntityRef(
    options.request.datasetRef,
    'datasetRef',
  );
  const request = { ...options.request, datasetRef };
  const started = await audited(
    context,
    {
      eventId: 'migration-start',
      severityLevel: 'medium',
      caller,
      meta: { ...request },
    },
    async () => {
      await readableDataset(context, credentials, datasetRef);
      const decision = await authorizer.require(
        credentials,
        datasetMigratePermission,
        datasetRef,
      );
      return controlPlane.migrations.start({
        request,
        initiator: await initiators.capture(credentials, decision),
        idempotencyKey: options.idempotencyKey,
      });
    },
  );
  return forCaller(context, credentials, started);
}

/** @throws NotFoundError; NotAllowedError without `dataset.read` */
export async function showMigration(
  context: ApiContext,
  credentials: BackstageCredentials,
  id: string,
): Promise<Migration> {
  const migration = await readableMigration(context, credentials, id);
  return forCaller(context, credentials, migration);
}

/** Those of the datasets that the caller may see. */
export async function listMigrations(
  { authorizer, controlPlane }: ApiContext,
  credentials: BackstageCredentials,
  request: ListMigrationsRequest,
): Promise<Page<MigrationSummary>> {
  const scope = await authorizer.scope(credentials, datasetReadPermission);
  const { datasetRef, consumerOwner } = request;
  return controlPlane.migrations.list(
    {
      ...request,
      datasetRef: datasetRef && normalizeEntityRef(datasetRef, 'datasetRef'),
      consumerOwner:
        consumerOwner && normalizeEntityRef(consumerOwner, 'consumerOwner'),
    },
    scope,
  );
}

/**
 * A migration with all that the plugin knows of it; see {@link forCaller}.
 *
 * @throws NotFoundError; NotAllowedError without `dataset.read`
 */
export async function readableMigration(
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
export async function forCaller(
  { authorizer }: ApiContext,
  credentials: BackstageCredentials,
  migration: Migration,
): Promise<Migration> {
  const { datasetRef, changes, verification } = migration;
  const may = (permission: DatasetPermission) =>
    authorizer.allows(
      credentials,
      permission,
      datasetRef,
      aboutMigration(changes),
    );
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
