import { listInMotion } from '../../database/operations/migrations/listForUpkeep';
import { transitionMigration } from '../../database/operations/migrations/transitionMigration';
import { appendEvent } from '../../database/operations/events/appendEvent';
import { SupersededError } from '../../database/SupersededError';
import { advanceKey, enqueueAdvance } from '../enqueueAdvance';
import { PipelineDependencies } from '../types';

/**
 * A migration that ought to move but has no job gets one: the queue says
 * nothing when its supervisor drops a job, and somebody may have emptied it by
 * hand. A job too many does no harm, as the sequence tells it.
 */
export async function requeueOrphans(
  deps: PipelineDependencies,
): Promise<void> {
  const { knex, queue, logger } = deps;
  const records = await listInMotion(knex);
  const orphans = new Set(
    await queue.keysWithoutJob(
      records.map(({ datasetRef }) => advanceKey(datasetRef)),
    ),
  );
  for (const record of records) {
    if (!orphans.has(advanceKey(record.datasetRef))) {
      continue;
    }
    try {
      await knex.transaction(async trx => {
        const held = await transitionMigration(trx, record, {});
        await appendEvent(trx, record.id, {
          level: 'warn',
          message: 'Its job was lost; another one takes over',
        });
        await enqueueAdvance(queue, trx, held);
      });
      logger.warn(`Migration ${record.id} had no job; it has one again`);
    } catch (error) {
      if (!(error instanceof SupersededError)) {
        throw error;
      }
    }
  }
}
