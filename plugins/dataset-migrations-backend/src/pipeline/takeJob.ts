import { Knex } from 'knex';
import { locationsOf } from '../database/locations';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { MigrationRecord } from '../database/MigrationRecord';
import { appendEvent } from '../database/operations/events/appendEvent';
import { startStage } from '../database/operations/stages/startStage';
import { acquireLease } from '../leases/acquireLease';
import { Lease } from '../leases/types';
import { stageDefinitions, workOf } from './stages';
import { PipelineDependencies, Work } from './types';

/** A migration that this worker works on. */
export interface Taken {
  record: MigrationRecord;
  /** Where the work needs it. */
  lease?: Lease;
}

/**
 * Marks a migration as worked on and takes its lease if the work needs it, in
 * one transaction that holds the migration's row: a job that was superseded
 * gets no token.
 *
 * @throws SupersededError, or LeaseHeldError when another migration is not done
 *   with the location
 */
export async function takeJob(
  deps: PipelineDependencies,
  record: MigrationRecord,
  work: Work,
): Promise<Taken> {
  return deps.knex.transaction(async trx => {
    const running = await transitionMigration(trx, record, {
      state: record.state === 'queued' ? 'running' : record.state,
      startedAt: record.startedAt ?? new Date(),
    });
    return startWork(deps, trx, running, work);
  });
}

/**
 * The same for the stage that follows in the same job, in the transaction that
 * ends the one before; not for the first that takes the lease, for which it may
 * have to wait.
 */
export async function takeNext(
  deps: PipelineDependencies,
  trx: Knex.Transaction,
  record: MigrationRecord,
): Promise<Taken | undefined> {
  const work = workOf(record);
  const needsLease = work && stageDefinitions[work].needsLease(record);
  return work && (!needsLease || record.fence !== undefined)
    ? startWork(deps, trx, record, work)
    : undefined;
}

/** @param record - whose row the transaction holds */
async function startWork(
  deps: PipelineDependencies,
  trx: Knex.Transaction,
  record: MigrationRecord,
  work: Work,
): Promise<Taken> {
  if (work !== 'cancel' && (await startStage(trx, record.id, work))) {
    await appendEvent(trx, record.id, { stage: work, message: 'Started' });
  }
  if (!stageDefinitions[work].needsLease(record)) {
    return { record };
  }
  const lease = await acquireLease(trx, {
    locationKeys: locationsOf(record).map(({ key }) => key),
    migrationId: record.id,
    holder: deps.workerId,
  });
  return {
    record: await transitionMigration(trx, record, { fence: lease.token }),
    lease,
  };
}
