import { LoggerService } from '@backstage/backend-plugin-api';
import { MigrationRecord } from '../database/MigrationRecord';
import { appendEvent } from '../database/operations/events/appendEvent';
import { transitionMigration } from '../database/operations/migrations/transitionMigration';
import { stageOf } from './stages';
import { PipelineDependencies, Work } from './types';

/**
 * What an engine's `report` does: adds a line to the migration's log, as long as
 * the job is the migration's. The engine does not wait for it.
 */
export function reportTo(
  { knex, migrationChanged }: PipelineDependencies,
  options: {
    record: MigrationRecord;
    work: Work;
    logger: LoggerService;
    /** See `StageContext`. */
    writeEarlier(): Promise<void>;
  },
): (message: string) => void {
  const { record, work, logger, writeEarlier } = options;
  const { id: migrationId, datasetRef } = record;
  const write = async (message: string) => {
    await writeEarlier();
    await knex.transaction(async trx => {
      await transitionMigration(trx, record, {});
      await appendEvent(trx, migrationId, { stage: stageOf(work), message });
    });
    migrationChanged({ migrationId, datasetRef });
  };
  return message => {
    write(message).catch(error =>
      logger.debug(`Could not write "${message}" to the log: ${error}`),
    );
  };
}
