import { Knex } from 'knex';
import { MigrationRecord } from '../database/MigrationRecord';
import { JobPayload, JobQueue } from '../queue/types';

/** The queue runs one job of this key at a time: one per dataset. */
export function advanceKey(datasetRef: string): string {
  return `dataset:${datasetRef}`;
}

/**
 * What people start one by one goes before what campaigns start by the thousand.
 */
const URGENT = 10;

/** The job that takes a migration on from where `record` has it. */
export function advancePayload({
  id,
  sequence,
}: Pick<MigrationRecord, 'id' | 'sequence'>): JobPayload {
  return { task: 'advance', migrationId: id, sequence };
}

type Advanced = Pick<
  MigrationRecord,
  'id' | 'sequence' | 'datasetRef' | 'location' | 'campaignId'
>;

/** Creates the job that takes a migration on from where `record` has it. */
export async function enqueueAdvance(
  queue: JobQueue,
  trx: Knex.Transaction,
  record: Advanced,
  options?: { afterSeconds?: number },
): Promise<void> {
  await enqueueAdvances(queue, trx, [record], options);
}

/** The same for many migrations. */
export async function enqueueAdvances(
  queue: JobQueue,
  trx: Knex.Transaction,
  records: Advanced[],
  options?: { afterSeconds?: number },
): Promise<void> {
  await queue.enqueueAll(
    trx,
    records.map(record => ({
      payload: advancePayload(record),
      key: advanceKey(record.datasetRef),
      engine: record.location.engine,
      startAfterSeconds: options?.afterSeconds,
      priority: record.campaignId === undefined ? URGENT : 0,
    })),
  );
}
