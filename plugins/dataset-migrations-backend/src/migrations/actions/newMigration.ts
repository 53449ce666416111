import { ConflictError } from '@backstage/errors';
import { Policy } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { MigrationRecord } from '../../database/MigrationRecord';
import { appendEvent } from '../../database/operations/events/appendEvent';
import {
  createMigration,
  NewMigration,
} from '../../database/operations/migrations/createMigration';
import {
  createStages,
  forwardStages,
} from '../../database/operations/stages/createStages';
import { DatasetRecord } from '../../datasets/types';
import { Initiator } from '../../permissions/initiators';
import { enqueueAdvance } from '../../pipeline/enqueueAdvance';
import { resolvePlan } from '../../planning/resolvePlan';
import { ActionDependencies } from './dependencies';

/**
 * Makes a migration of what a dataset is now; writes nothing.
 *
 * @throws ConflictError while an old version coexists; as `resolvePlan` does
 */
export async function prepareMigration(
  { agents, grades }: Pick<ActionDependencies, 'agents' | 'grades'>,
  dataset: DatasetRecord,
  options: { targetVersion: string; policy: Policy; initiator: Initiator },
): Promise<NewMigration> {
  const { entityRef, currentVersion, versions } = dataset;
  const { targetVersion, policy, initiator } = options;
  const coexisting = versions.find(({ state }) => state === 'coexisting');
  if (coexisting) {
    throw new ConflictError(
      `Version ${coexisting.version} of ${entityRef} still coexists with ${currentVersion}; retire it, or roll back to it, first`,
    );
  }
  const { location, furtherLocations, from, to, plan } = await resolvePlan(
    dataset,
    targetVersion,
    agents,
    grades,
  );
  return {
    id: randomUUID(),
    datasetRef: entityRef,
    locationKey: location.key,
    location,
    furtherLocations,
    fromVersion: from.version,
    toVersion: to.version,
    policy,
    startedBy: initiator.subject,
    initiator,
    sourceContract: from,
    targetContract: to,
    plan,
  };
}

/**
 * Writes a migration with its stages and its first job, unless it is there
 * already by its idempotency key.
 *
 * @throws ConflictError, with `trx` still of use, when another one is active (G1)
 */
export async function writeMigration(
  { queue }: Pick<ActionDependencies, 'queue'>,
  trx: Knex.Transaction,
  migration: NewMigration,
): Promise<{ record: MigrationRecord; created: boolean }> {
  const result = await createMigration(trx, migration);
  const { record } = result;
  if (result.created) {
    await createStages(trx, record.id, forwardStages);
    await appendEvent(trx, record.id, {
      message: `Started from ${record.fromVersion} to ${record.toVersion} under policy ${record.policy}, by ${record.startedBy}`,
    });
    await enqueueAdvance(queue, trx, record);
  }
  return result;
}
