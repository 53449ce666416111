import { assertError } from '@backstage/errors';
import { isDeepStrictEqual } from 'node:util';
import { MigrationRecord } from '../../database/MigrationRecord';
import { countTold } from '../../database/operations/migrations/countTold';
import { appendEvent } from '../../database/operations/events/appendEvent';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { listRetirable } from '../../database/operations/migrations/listForUpkeep';
import { transitionMigration } from '../../database/operations/migrations/transitionMigration';
import { createStages } from '../../database/operations/stages/createStages';
import { SupersededError } from '../../database/SupersededError';
import { isPromised } from '../../migrations/assertRetirementDue';
import {
  blockers,
  judgedPlanOf,
  latecomers,
  whoAndWhy,
} from '../../planning/judge';
import { judgeAnswered } from '../../planning/judgeAnswered';
import { enqueueAdvance } from '../enqueueAdvance';
import { PipelineDependencies } from '../types';

/**
 * An old version goes by itself once nobody can want it back: the rollback
 * window is over and the last consumer accepts the new version. Sooner only if
 * a person asks for it. Who came to need it meanwhile is told that it is to go.
 */
export async function retireOldVersions(
  deps: PipelineDependencies,
): Promise<void> {
  for (const { id } of await listRetirable(deps.knex)) {
    try {
      const record = await getMigration(deps.knex, id);
      const judged = await judgeNow(deps, record);
      if (blockers(judged.verdicts).length === 0) {
        await retire(deps, record);
      } else {
        await tellLatecomers(deps, record, judged);
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

async function judgeNow(
  { knex, directory, settings }: PipelineDependencies,
  record: MigrationRecord,
): ReturnType<typeof judgeAnswered> {
  return judgeAnswered(knex, {
    ...judgedPlanOf(record),
    datasetRef: record.datasetRef,
    consumers: await directory.getConsumers(record.datasetRef),
    strict: settings.strictConstraints,
  });
}

async function tellLatecomers(
  { knex, outbox, migrationChanged }: PipelineDependencies,
  record: MigrationRecord,
  judged: Awaited<ReturnType<typeof judgeAnswered>>,
): Promise<void> {
  const { id, datasetRef, fromVersion } = record;
  const now = blockers(judged.verdicts);
  const before = blockers(record.verdicts ?? []);
  const came = latecomers(now, before);
  if (came.length === 0 && latecomers(before, now).length === 0) {
    return;
  }
  await knex.transaction(async trx => {
    const locked = await getMigration(trx, id, { lock: true });
    // Dates, and what people accept, are written without raising the sequence; and
    // another process may have told meanwhile.
    if (
      isPromised(locked) ||
      !isDeepStrictEqual(
        [locked.plan, locked.verdicts],
        [record.plan, record.verdicts],
      )
    ) {
      return;
    }
    await transitionMigration(trx, record, judged);
    if (came.length > 0) {
      await appendEvent(trx, id, {
        message: `Needs ${fromVersion} by now: ${whoAndWhy(came)}`,
      });
      await outbox.announceToLatecomers(
        trx,
        'retiring',
        await countTold(trx, id),
        came.map(({ consumer }) => consumer),
      );
    }
  });
  migrationChanged({ migrationId: id, datasetRef });
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
    await createStages(trx, [record.id], ['retire']);
    await appendEvent(trx, record.id, {
      message: `The last consumer accepts ${record.toVersion}; ${record.fromVersion} can retire`,
    });
    await enqueueAdvance(queue, trx, next);
  });
}
