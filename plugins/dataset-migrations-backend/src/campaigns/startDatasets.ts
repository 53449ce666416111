import { assertError, ConflictError } from '@backstage/errors';
import { opensAt } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { MigrationRecord } from '../database/MigrationRecord';
import { getCampaign } from '../database/operations/campaigns/getCampaign';
import {
  CampaignDatasetChange,
  writeCampaignDatasets,
} from '../database/operations/campaigns/writeCampaignDatasets';
import { NewMigration } from '../database/operations/migrations/createMigration';
import { DatasetRecord } from '../datasets/types';
import { windowsOf } from '../datasets/windowsOf';
import {
  prepareMigration,
  writeMigration,
} from '../migrations/actions/newMigration';
import { isPermanent, withoutSecrets } from '../pipeline/failures';
import { CampaignDependencies, MayMigrate } from './dependencies';
import { inSeconds } from './inSeconds';
import { CampaignDatasetRecord, CampaignRecord } from './types';
import { windowProblem } from './windowProblem';

/** How long a dataset is left alone that cannot start for now. */
const RETRY_SECONDS = 30;

type Next =
  | { kind: 'start'; migration: NewMigration }
  | { kind: 'retry'; migrationId: string }
  | { kind: 'changed'; change: CampaignDatasetChange };

/**
 * Starts the migrations of some datasets in one transaction, which holds the
 * campaign: one that is paused or cancelled before it starts none. What cannot
 * start says why, and holds none of the others back.
 *
 * @returns how many were started; undefined when the campaign does not run any
 *   more
 */
export async function startDatasets(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
  datasets: CampaignDatasetRecord[],
): Promise<number | undefined> {
  const mayMigrate = await deps.judgeInitiator(campaign.initiator);
  const next: Next[] = [];
  for (const dataset of datasets) {
    next.push(await whatNext(deps, campaign, dataset, mayMigrate));
  }

  const begun: MigrationRecord[] = [];
  const running = await deps.knex.transaction(async trx => {
    const { state } = await getCampaign(trx, campaign.id, { lock: 'share' });
    if (state !== 'running') {
      return false;
    }
    const refs = await stillWaiting(trx, campaign.id, datasets);
    const changes: CampaignDatasetChange[] = [];
    for (const [index, { datasetRef }] of datasets.entries()) {
      const step = next[index];
      if (refs.has(datasetRef) && step.kind !== 'retry') {
        changes.push(
          step.kind === 'changed'
            ? step.change
            : await start(deps, trx, step.migration, begun),
        );
      }
    }
    await writeCampaignDatasets(trx, campaign.id, changes);
    return true;
  });
  if (!running) {
    return undefined;
  }
  for (const { id: migrationId, datasetRef, campaignId } of begun) {
    deps.migrationChanged({ migrationId, datasetRef, campaignId });
  }
  return begun.length + (await retryFailed(deps, campaign, datasets, next));
}

async function whatNext(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
  { datasetRef, planned, migrationId }: CampaignDatasetRecord,
  mayMigrate: MayMigrate,
): Promise<Next> {
  const changed = (
    change: Omit<CampaignDatasetChange, 'datasetRef'>,
  ): Next => ({ kind: 'changed', change: { datasetRef, ...change } });
  try {
    const dataset = await deps.directory.getDataset(datasetRef);
    const problem = windowProblem(dataset);
    if (problem) {
      return changed(later(problem));
    }
    const { windowsOfOwner } = deps.settings;
    const opens = opensAt(windowsOf(dataset, windowsOfOwner), new Date());
    if (opens) {
      return changed({
        state: 'waiting',
        notBefore: opens.toISOString(),
        reason: "Waits for its owner's window",
      });
    }
    if (!(await mayMigrate(datasetRef))) {
      return changed({
        state: 'failed',
        reason: `${campaign.initiator.subject} may no longer migrate it`,
      });
    }
    if (dataset.currentVersion === planned!.toVersion) {
      return changed({
        state: 'excluded',
        reason: `It is at version ${planned!.toVersion} already`,
      });
    }
    if (migrationId && (await isToRetry(deps.knex, migrationId, dataset))) {
      return { kind: 'retry', migrationId };
    }
    const migration = await prepareMigration(deps, dataset, {
      targetVersion: planned!.toVersion,
      policy: planned!.policy,
      initiator: campaign.initiator,
    });
    return {
      kind: 'start',
      migration: { ...migration, campaignId: campaign.id },
    };
  } catch (error) {
    assertError(error);
    const reason = withoutSecrets(error.message);
    return changed(
      isPermanent(error) ? { state: 'failed', reason } : later(reason),
    );
  }
}

function later(reason: string) {
  return {
    state: 'waiting' as const,
    notBefore: inSeconds(RETRY_SECONDS),
    reason,
  };
}

/** One that failed, and begins where the dataset is now. */
async function isToRetry(
  knex: Knex,
  id: string,
  { currentVersion }: DatasetRecord,
): Promise<boolean> {
  const row = await knex('migrations')
    .where({ id, state: 'failed', from_version: currentVersion })
    // One that is too old to go on is followed by another.
    .whereNull('evidence_removed_at')
    .first('id');
  return row !== undefined;
}

/** Locks the datasets, so that nobody else starts them; see G1. */
async function stillWaiting(
  trx: Knex.Transaction,
  campaignId: string,
  datasets: CampaignDatasetRecord[],
): Promise<Set<string>> {
  const refs: string[] = await trx('campaign_datasets')
    .where({ campaign_id: campaignId, state: 'waiting' })
    .whereRaw('dataset_ref = any(?)', [datasets.map(d => d.datasetRef)])
    .orderBy('position')
    .forUpdate()
    .pluck('dataset_ref');
  return new Set(refs);
}

async function start(
  deps: CampaignDependencies,
  trx: Knex.Transaction,
  migration: NewMigration,
  begun: MigrationRecord[],
): Promise<CampaignDatasetChange> {
  const { datasetRef } = migration;
  try {
    const { record } = await writeMigration(deps, trx, migration);
    begun.push(record);
    return { datasetRef, state: 'active', migrationId: record.id };
  } catch (error) {
    if (!(error instanceof ConflictError)) {
      throw error;
    }
    return { datasetRef, ...later(error.message) };
  }
}

/**
 * Each as a person would, while the campaign is held: one that is paused or
 * cancelled meanwhile begins nothing again. The trigger tells the campaign.
 */
async function retryFailed(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
  datasets: CampaignDatasetRecord[],
  next: Next[],
): Promise<number> {
  let retried = 0;
  for (const [index, { datasetRef }] of datasets.entries()) {
    const step = next[index];
    if (step.kind === 'retry') {
      const begun = await deps.knex.transaction(async trx => {
        const { state } = await getCampaign(trx, campaign.id, {
          lock: 'share',
        });
        return (
          state === 'running' &&
          retryOne(deps, campaign, datasetRef, step.migrationId)
        );
      });
      retried += begun ? 1 : 0;
    }
  }
  return retried;
}

async function retryOne(
  { knex, migrations }: CampaignDependencies,
  { id, initiator }: CampaignRecord,
  datasetRef: string,
  migrationId: string,
): Promise<boolean> {
  try {
    await migrations.retry(migrationId, initiator);
    return true;
  } catch (error) {
    assertError(error);
    // Somebody else may have retried it just before: then it is active.
    await knex('campaign_datasets')
      .where({ campaign_id: id, dataset_ref: datasetRef, state: 'waiting' })
      .update({
        reason: withoutSecrets(error.message),
        not_before: inSeconds(RETRY_SECONDS),
      });
    return false;
  }
}
