import { ConflictError } from '@backstage/errors';
import { Policy } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { MigrationRecord } from '../../database/MigrationRecord';
import { appendEvents } from '../../database/operations/events/appendEvent';
import { findConflict } from '../../database/operations/migrations/assertNoActiveMigration';
import {
  createMigrations,
  NewMigration,
} from '../../database/operations/migrations/createMigrations';
import { findByIdempotencyKey } from '../../database/operations/migrations/findByIdempotencyKey';
import {
  createStages,
  forwardStages,
} from '../../database/operations/stages/createStages';
import { DatasetRecord } from '../../datasets/types';
import { Initiator } from '../../permissions/initiators';
import { enqueueAdvances } from '../../pipeline/enqueueAdvance';
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
 * @returns `created` false for a migration that an earlier, equal request made
 * @throws ConflictError, with `trx` still of use, when the dataset or one of its
 *   locations has an active migration (G1), or when the key was used for another
 *   request
 */
export async function writeMigration(
  deps: Pick<ActionDependencies, 'queue'>,
  trx: Knex.Transaction,
  migration: NewMigration,
): Promise<{ record: MigrationRecord; created: boolean }> {
  const [record] = await writeMigrations(deps, trx, [migration]);
  if (record) {
    return { record, created: true };
  }
  const earlier = await findByIdempotencyKey(trx, migration);
  if (earlier) {
    return { record: earlier, created: false };
  }
  throw await whyNotWritten(trx, migration);
}

/**
 * Writes migrations with their stages and their first jobs, with as few statements as
 * one takes.
 *
 * @returns those that were written, see {@link createMigrations}
 */
export async function writeMigrations(
  { queue }: Pick<ActionDependencies, 'queue'>,
  trx: Knex.Transaction,
  migrations: NewMigration[],
): Promise<MigrationRecord[]> {
  const records = await createMigrations(trx, migrations);
  const ids = records.map(({ id }) => id);
  await createStages(trx, ids, forwardStages);
  await appendEvents(
    trx,
    records.map(({ id, fromVersion, toVersion, policy, startedBy }) => ({
      migrationId: id,
      message: `Started from ${fromVersion} to ${toVersion} under policy ${policy}, by ${startedBy}`,
    })),
  );
  await enqueueAdvances(queue, trx, records);
  return records;
}

/** What kept a migration from being written. */
export async function whyNotWritten(
  trx: Knex.Transaction,
  migration: NewMigration,
): Promise<ConflictError> {
  return (
    (await findConflict(trx, migration)) ??
    new ConflictError(
      `Another migration of ${migration.datasetRef} ended while this one was started; start it again`,
    )
  );
}
