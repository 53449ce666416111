import { Knex } from 'knex';
import { locationsOf } from '../database/locations';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { MigrationRecord } from '../database/MigrationRecord';
import { turnStages } from '../database/operations/stages/turnStages';
import { acquireLease } from '../leases/acquireLease';
import { isSurelyHeld, Lease } from '../leases/types';
import { stageDefinitions, stageOf, workOf } from './stages';
import { PipelineDependencies, Work } from './types';

/** A migration that this worker works on. */
export interface Taken {
  record: MigrationRecord;
  /** Where the work needs it. */
  lease?: Lease;
  /** Whether the stage before has written the lease's token beside the data. */
  fenced?: boolean;
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
 * The same for the stage that follows in the same job, which the transaction that
 * ends the one before begins, with the lease that the job holds already; not for the
 * first that takes it, nor where it may have lapsed: for that it may have to wait.
 */
export function takeNext(
  record: MigrationRecord,
  lease: Lease | undefined,
): Taken | undefined {
  const work = workOf(record);
  if (!work) {
    return undefined;
  }
  if (!stageDefinitions[work].needsLease(record)) {
    return { record };
  }
  return lease && isSurelyHeld(lease)
    ? { record, lease, fenced: true }
    : undefined;
}

/** @param record - whose row the transaction holds */
async function startWork(
  deps: PipelineDependencies,
  trx: Knex.Transaction,
  record: MigrationRecord,
  work: Work,
): Promise<Taken> {
  await turnStages(trx, record.id, { begun: stageOf(work) });
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
