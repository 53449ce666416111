import { assertError } from '@backstage/errors';
import { MigrationRecord } from '../../database/MigrationRecord';
import { appendEvent } from '../../database/operations/events/appendEvent';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { listRetirable } from '../../database/operations/migrations/listForUpkeep';
import { transitionMigration } from '../../database/operations/migrations/transitionMigration';
import { createStages } from '../../database/operations/stages/createStages';
import { SupersededError } from '../../database/SupersededError';
import { isPromised } from '../../migrations/assertRetirementDue';
import { blockers, judgedPlanOf } from '../../planning/judge';
import { judgeAnswered } from '../../planning/judgeAnswered';
import { enqueueAdvance } from '../enqueueAdvance';
import { PipelineDependencies } from '../types';

/**
 * An old version goes by itself once nobody can want it back: the rollback
 * window is over and the last consumer accepts the new version. Sooner only if
 * a person asks for it.
 */
export async function retireOldVersions(
  deps: PipelineDependencies,
): Promise<void> {
  for (const { id } of await listRetirable(deps.knex)) {
    try {
      const record = await getMigration(deps.knex, id);
      if (!(await isNeeded(deps, record))) {
        await retire(deps, record);
      }
    } catch (error) {
      assertError(error);
      // One of them must not keep the others.
      if (!(error instanceof SupersededError)) {
        deps.logger.warn(
          `Could not retire the old version of migration ${id}: ${error.message}`,
        );
      }
    }
  }
}

async function isNeeded(
  { knex, directory, settings }: PipelineDependencies,
  record: MigrationRecord,
): Promise<boolean> {
  const { verdicts } = await judgeAnswered(knex, {
    ...judgedPlanOf(record),
    datasetRef: record.datasetRef,
    consumers: await directory.getConsumers(record.datasetRef),
    strict: settings.strictConstraints,
  });
  return blockers(verdicts).length > 0;
}

async function retire(
  { knex, queue }: PipelineDependencies,
  record: MigrationRecord,
): Promise<void> {
  await knex.transaction(async trx => {
    // Dates are set without raising the sequence.
    if (isPromised(await getMigration(trx, record.id, { lock: true }))) {
      return;
    }
    const next = await transitionMigration(trx, record, {
      stage: 'retire',
      error: null,
      override: null,
      sequence: record.sequence + 1,
    });
    await createStages(trx, record.id, ['retire']);
    await appendEvent(trx, record.id, {
      message: `The last consumer accepts ${record.toVersion}; ${record.fromVersion} can retire`,
    });
    await enqueueAdvance(queue, trx, next);
  });
}
