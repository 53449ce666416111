import { assertError } from '@backstage/errors';
import { opensAt } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { MigrationRecord } from '../database/MigrationRecord';
import { getCampaign } from '../database/operations/campaigns/getCampaign';
import {
  CampaignDatasetChange,
  writeCampaignDatasets,
} from '../database/operations/campaigns/writeCampaignDatasets';
import { NewMigration } from '../database/operations/migrations/createMigrations';
import { DatasetRecord } from '../datasets/types';
import { windowsOf } from '../datasets/windowsOf';
import {
  prepareMigration,
  whyNotWritten,
  writeMigrations,
} from '../migrations/actions/newMigration';
import { isPermanent } from '../pipeline/failures';
import { withoutSecrets } from '../secrets/withoutSecrets';
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
  const known = await deps.directory.getDatasets(
    datasets.map(({ datasetRef }) => datasetRef),
  );
  const next: Next[] = [];
  for (const one of datasets) {
    next.push(await whatNext(deps, campaign, { one, known, mayMigrate }));
  }

  const begun = await deps.knex.transaction(async trx => {
    const { state } = await getCampaign(trx, campaign.id, { lock: 'share' });
    if (state !== 'running') {
      return undefined;
    }
    const refs = await stillWaiting(trx, campaign.id, datasets);
    return begin(
      deps,
      trx,
      campaign.id,
      next.filter((_, index) => refs.has(datasets[index].datasetRef)),
    );
  });
  if (!begun) {
    return undefined;
  }
  for (const { id: migrationId, datasetRef, campaignId } of begun) {
    deps.migrationChanged({ migrationId, datasetRef, campaignId });
  }
  return begun.length + (await retryFailed(deps, campaign, datasets, next));
}

/** Writes what becomes of datasets, with the migrations of those that start. */
async function begin(
  deps: CampaignDependencies,
  trx: Knex.Transaction,
  campaignId: string,
  steps: Next[],
): Promise<MigrationRecord[]> {
  const begun = await writeMigrations(
    deps,
    trx,
    steps.flatMap(step => (step.kind === 'start' ? step.migration : [])),
  );
  const ids = new Set(begun.map(({ id }) => id));
  const changes: CampaignDatasetChange[] = [];
  for (const step of steps) {
    if (step.kind === 'changed') {
      changes.push(step.change);
    } else if (step.kind === 'start') {
      const { id, datasetRef } = step.migration;
      changes.push({
        datasetRef,
        ...(ids.has(id)
          ? { state: 'active' as const, migrationId: id }
          : later((await whyNotWritten(trx, step.migration)).message)),
      });
    }
  }
  await writeCampaignDatasets(trx, campaignId, changes);
  return begun;
}

async function whatNext(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
  options: {
    one: CampaignDatasetRecord;
    /** What the read model has of it and of others. */
    known: ReadonlyMap<string, DatasetRecord>;
    mayMigrate: MayMigrate;
  },
): Promise<Next> {
  const { one, known, mayMigrate } = options;
  const { datasetRef, planned, migrationId } = one;
  const changed = (
    change: Omit<CampaignDatasetChange, 'datasetRef'>,
  ): Next => ({ kind: 'changed', change: { datasetRef, ...change } });
  try {
    const dataset =
      known.get(datasetRef) ?? (await deps.directory.getDataset(datasetRef));
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
