import { assertError } from '@backstage/errors';
import { MigrationRecord } from '../../database/MigrationRecord';
import { appendEvent } from '../../database/operations/events/appendEvent';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { listBlocked } from '../../database/operations/migrations/listForUpkeep';
import { transitionMigration } from '../../database/operations/migrations/transitionMigration';
import { SupersededError } from '../../database/SupersededError';
import { blockers, judge } from '../../planning/judge';
import { resolvePlan } from '../../planning/resolvePlan';
import { enqueueAdvance } from '../enqueueAdvance';
import { PipelineDependencies } from '../types';

/**
 * Judges blocked migrations anew, by the read model, and lets those go on that
 * nobody stands in the way of any more. The stage that blocked asks the catalog
 * itself once more before anything happens.
 */
export async function reconsiderBlocked(
  deps: PipelineDependencies,
  datasetRef?: string,
): Promise<void> {
  for (const { id } of await listBlocked(deps.knex, datasetRef)) {
    try {
      await reconsider(deps, await getMigration(deps.knex, id));
    } catch (error) {
      assertError(error);
      // One of them must not keep the others.
      if (!(error instanceof SupersededError)) {
        deps.logger.warn(
          `Could not reconsider migration ${id}: ${error.message}`,
        );
      }
    }
  }
}

async function reconsider(
  deps: PipelineDependencies,
  record: MigrationRecord,
): Promise<void> {
  const { directory, agents, grades, settings, knex, queue } = deps;
  const { datasetRef } = record;
  const dataset = await directory.getDataset(datasetRef);
  const { plan, from, to } = await resolvePlan(
    dataset,
    record.toVersion,
    agents,
    grades,
  );
  const verdicts = judge({
    plan,
    from,
    to,
    consumers: await directory.getConsumers(datasetRef),
    strict: settings.strictConstraints,
  });
  if (blockers(verdicts, record.override?.consumers).length) {
    return;
  }

  if (
    !record.initiator ||
    !(await deps.mayStillMigrate(record.initiator, datasetRef))
  ) {
    await sayOnce(
      deps,
      record,
      `Nobody would break any more, but ${
        record.initiator?.subject ?? record.startedBy
      } may no longer migrate this dataset`,
    );
    return;
  }
  await knex.transaction(async trx => {
    const next = await transitionMigration(trx, record, {
      state: 'queued',
      error: null,
      sequence: record.sequence + 1,
    });
    await appendEvent(trx, record.id, {
      message: 'Nobody would break any more; it goes on',
    });
    await enqueueAdvance(queue, trx, next);
  });
  deps.migrationChanged({ migrationId: record.id, datasetRef });
}

/** Keeps it blocked under another reason, and in the log only the first time. */
async function sayOnce(
  { knex, migrationChanged }: PipelineDependencies,
  record: MigrationRecord,
  message: string,
): Promise<void> {
  if (record.error?.message === message) {
    return;
  }
  const { id, datasetRef, stage } = record;
  await knex.transaction(async trx => {
    await transitionMigration(trx, record, {
      error: { name: 'NotAllowedError', message, stage },
    });
    await appendEvent(trx, id, { level: 'warn', message });
  });
  migrationChanged({ migrationId: id, datasetRef });
}
