import { ConflictError, NotAllowedError } from '@backstage/errors';
import {
  Policy,
  StartMigrationRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { createHash } from 'node:crypto';
import { MigrationRecord } from '../../database/MigrationRecord';
import { findByIdempotencyKey } from '../../database/operations/migrations/findByIdempotencyKey';
import { DatasetRecord } from '../../datasets/types';
import { Initiator } from '../../permissions/initiators';
import { ActionDependencies } from './dependencies';
import { prepareMigration, writeMigration } from './newMigration';

/** See `MigrationService.start`. */
export async function startMigration(
  deps: ActionDependencies,
  options: {
    request: StartMigrationRequest;
    initiator: Initiator;
    idempotencyKey?: string;
  },
): Promise<MigrationRecord> {
  const { request, initiator, idempotencyKey } = options;
  const { datasetRef, targetVersion, policy = 'switch' } = request;
  const identity = {
    startedBy: initiator.subject,
    idempotencyKey,
    requestHash: hashRequest(request, policy),
  };
  // Before anything is checked: what the first request changed must not make
  // the second one fail.
  const earlier = await findByIdempotencyKey(deps.knex, identity);
  if (earlier) {
    return earlier;
  }

  const dataset = await deps.directory.refreshDataset(datasetRef);
  // What the policy decided by may be another since the read model was made.
  if (!(await deps.mayStillMigrate(initiator, datasetRef))) {
    throw new NotAllowedError(
      `${initiator.subject} may not migrate ${datasetRef} as it is now`,
    );
  }
  assertVersion(dataset, request);
  const migration = await prepareMigration(deps, dataset, {
    targetVersion,
    policy,
    initiator,
  });
  const { record, created } = await deps.knex.transaction(trx =>
    writeMigration(deps, trx, { ...migration, ...identity }),
  );
  if (created) {
    deps.migrationChanged({ migrationId: record.id, datasetRef });
  }
  return record;
}

function assertVersion(
  { currentVersion }: DatasetRecord,
  { datasetRef, expectedVersion }: StartMigrationRequest,
) {
  if (expectedVersion !== undefined && expectedVersion !== currentVersion) {
    throw new ConflictError(
      `${datasetRef} is at version ${currentVersion}, not at ${expectedVersion} as expected`,
    );
  }
}

function hashRequest(request: StartMigrationRequest, policy: Policy): string {
  const { datasetRef, targetVersion, expectedVersion = null } = request;
  return createHash('sha256')
    .update(
      JSON.stringify([datasetRef, targetVersion, policy, expectedVersion]),
    )
    .digest('hex');
}
