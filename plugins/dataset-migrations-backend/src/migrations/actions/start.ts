import { ConflictError } from '@backstage/errors';
import {
  Policy,
  StartMigrationRequest,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { createHash, randomUUID } from 'node:crypto';
import { MigrationRecord } from '../../database/MigrationRecord';
import { appendEvent } from '../../database/operations/events/appendEvent';
import { createMigration } from '../../database/operations/migrations/createMigration';
import { findByIdempotencyKey } from '../../database/operations/migrations/findByIdempotencyKey';
import {
  createStages,
  forwardStages,
} from '../../database/operations/stages/createStages';
import { DatasetRecord } from '../../datasets/types';
import { Initiator } from '../../permissions/initiators';
import { enqueueAdvance } from '../../pipeline/enqueueAdvance';
import { resolvePlan } from '../../planning/resolvePlan';
import { ActionDependencies } from './dependencies';

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
  assertStartable(dataset, request);
  const { location, furtherLocations, from, to, plan } = await resolvePlan(
    dataset,
    targetVersion,
    deps.agents,
  );

  const { record, created } = await deps.knex.transaction(async trx => {
    const result = await createMigration(trx, {
      ...identity,
      id: randomUUID(),
      datasetRef,
      locationKey: location.key,
      location,
      furtherLocations,
      fromVersion: from.version,
      toVersion: to.version,
      policy,
      initiator,
      sourceContract: from,
      targetContract: to,
      plan,
    });
    if (result.created) {
      await createStages(trx, result.record.id, forwardStages);
      await appendEvent(trx, result.record.id, {
        message: `Started from ${from.version} to ${to.version} under policy ${policy}, by ${initiator.subject}`,
      });
      await enqueueAdvance(deps.queue, trx, result.record);
    }
    return result;
  });
  if (created) {
    deps.migrationChanged({ migrationId: record.id, datasetRef });
  }
  return record;
}

function assertStartable(
  { currentVersion, versions }: DatasetRecord,
  { datasetRef, expectedVersion }: StartMigrationRequest,
) {
  if (expectedVersion !== undefined && expectedVersion !== currentVersion) {
    throw new ConflictError(
      `${datasetRef} is at version ${currentVersion}, not at ${expectedVersion} as expected`,
    );
  }
  const coexisting = versions.find(({ state }) => state === 'coexisting');
  if (coexisting) {
    throw new ConflictError(
      `Version ${coexisting.version} of ${datasetRef} still coexists with ${currentVersion}; retire it, or roll back to it, first`,
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
