import { assertError } from '@backstage/errors';
import { opensTogetherAt } from '@skein/backstage-plugin-dataset-migrations-common';
import { MigrationRecord } from '../../database/MigrationRecord';
import { getCampaign } from '../../database/operations/campaigns/getCampaign';
import { appendEvent } from '../../database/operations/events/appendEvent';
import { getMigration } from '../../database/operations/migrations/getMigration';
import { listBlocked } from '../../database/operations/migrations/listForUpkeep';
import { transitionMigration } from '../../database/operations/migrations/transitionMigration';
import { SupersededError } from '../../database/SupersededError';
import { windowsOf } from '../../datasets/windowsOf';
import { aboutMigration } from '../../permissions/rules';
import { blockers } from '../../planning/judge';
import { enqueueAdvance } from '../enqueueAdvance';
import { PipelineDependencies } from '../types';
import { rejudge } from './rejudge';

/** Name of what a migration says that nobody but the clock holds up. */
const WAITS_FOR_WINDOW = 'WaitsForWindow';

/**
 * Judges blocked migrations anew, by the read model, and lets those go on that
 * nobody stands in the way of any more. The stage that blocked asks the catalog
 * itself once more before anything happens.
 *
 * @param of.datasetRef - of one dataset only
 * @param of.consumerRefs - where nothing but these changed: the others are as they
 *   were judged last
 */
export async function reconsiderBlocked(
  deps: PipelineDependencies,
  of: { datasetRef?: string; consumerRefs?: readonly string[] } = {},
): Promise<void> {
  for (const { id } of await listBlocked(deps.knex, of.datasetRef)) {
    try {
      const record = await rejudge(deps, id, of.consumerRefs);
      const { verdicts = [], override } = record;
      if (blockers(verdicts, override).length === 0) {
        await goOn(deps, record);
      }
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

async function goOn(
  deps: PipelineDependencies,
  record: MigrationRecord,
): Promise<void> {
  const { knex, queue } = deps;
  const { datasetRef } = record;
  if (
    !record.initiator ||
    !(await deps.mayStillMigrate(
      record.initiator,
      datasetRef,
      aboutMigration(record.plan.changes),
    ))
  ) {
    await sayOnce(deps, record, {
      name: 'NotAllowedError',
      message: `Nobody would break any more, but ${
        record.initiator?.subject ?? record.startedBy
      } may no longer migrate this dataset`,
    });
    return;
  }
  const opens = await windowOpens(deps, record);
  if (opens !== undefined) {
    await sayOnce(deps, record, {
      name: WAITS_FOR_WINDOW,
      message: `Nobody would break any more; ${
        opens
          ? `it goes on when its window opens, at ${opens.toISOString()}`
          : 'it would go on in a window, but those of its dataset and of its campaign are never open together'
      }`,
    });
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

/**
 * Nobody clicks, so it waits for the windows of its dataset and of its campaign.
 *
 * @returns undefined while they are open, null when they never are
 */
async function windowOpens(
  { knex, directory, windowsOfOwner }: PipelineDependencies,
  { datasetRef, campaignId }: MigrationRecord,
): Promise<Date | undefined | null> {
  const dataset = await directory.getDataset(datasetRef);
  const campaign = campaignId && (await getCampaign(knex, campaignId));
  return opensTogetherAt(
    [
      windowsOf(dataset, windowsOfOwner),
      campaign ? campaign.request.windows : [],
    ],
    new Date(),
  );
}

/** Keeps it blocked under another reason, and in the log only the first time. */
async function sayOnce(
  { knex, migrationChanged }: PipelineDependencies,
  record: MigrationRecord,
  why: { name: string; message: string },
): Promise<void> {
  const { id, datasetRef, stage } = record;
  const isNew = await knex.transaction(async trx => {
    // Two may have found at once that nobody would break.
    const locked = await getMigration(trx, id, { lock: true });
    if (locked.error?.message === why.message) {
      return false;
    }
    await transitionMigration(trx, record, { error: { ...why, stage } });
    await appendEvent(trx, id, { level: 'warn', message: why.message });
    return true;
  });
  if (isNew) {
    migrationChanged({ migrationId: id, datasetRef });
  }
}
