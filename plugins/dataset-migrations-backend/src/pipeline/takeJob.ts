import { locationsOf } from '../database/locations';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { MigrationRecord } from '../database/MigrationRecord';
import { appendEvent } from '../database/operations/events/appendEvent';
import { startStage } from '../database/operations/stages/startStage';
import { acquireLease } from '../leases/acquireLease';
import { Lease } from '../leases/types';
import { stageDefinitions } from './stages';
import { PipelineDependencies, Work } from './types';

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
): Promise<{ record: MigrationRecord; lease?: Lease }> {
  return deps.knex.transaction(async trx => {
    const taken = await transitionMigration(trx, record, {
      state: record.state === 'queued' ? 'running' : record.state,
      startedAt: record.startedAt ?? new Date(),
    });
    if (work !== 'cancel' && (await startStage(trx, record.id, work))) {
      await appendEvent(trx, record.id, { stage: work, message: 'Started' });
    }
    if (!stageDefinitions[work].needsLease(record)) {
      return { record: taken };
    }
    const lease = await acquireLease(trx, {
      locationKeys: locationsOf(record).map(({ key }) => key),
      migrationId: record.id,
      holder: deps.workerId,
    });
    return {
      record: await transitionMigration(trx, taken, { fence: lease.token }),
      lease,
    };
  });
}
