import { Knex } from 'knex';
import { MigrationRecord } from '../database/MigrationRecord';
import { JobQueue } from '../queue/types';

/** The queue runs one job of this key at a time: one per dataset. */
export function advanceKey(datasetRef: string): string {
  return `dataset:${datasetRef}`;
}

/**
 * What people start one by one goes before what campaigns start by the thousand.
 */
const URGENT = 10;

/** Creates the job that takes a migration on from where `record` has it. */
export async function enqueueAdvance(
  queue: JobQueue,
  trx: Knex.Transaction,
  record: Pick<
    MigrationRecord,
    'id' | 'sequence' | 'datasetRef' | 'campaignId'
  >,
  options?: { afterSeconds?: number },
): Promise<void> {
  await queue.enqueue(
    trx,
    {
      task: 'advance',
      migrationId: record.id,
      sequence: record.sequence,
    },
    {
      key: advanceKey(record.datasetRef),
      startAfterSeconds: options?.afterSeconds,
      priority: record.campaignId === undefined ? URGENT : 0,
    },
  );
}
