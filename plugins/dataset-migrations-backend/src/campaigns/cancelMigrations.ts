import { assertError, ConflictError } from '@backstage/errors';
import { changeAndTell } from './changeAndTell';
import { CampaignDependencies } from './dependencies';
import { CampaignRecord } from './types';

/** Cancellations of one look, so that other campaigns get theirs. */
const AT_ONCE = 100;

/** Cancels migrations that take longer than the campaign allows. */
export async function cancelOverdue(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
): Promise<void> {
  const { timeoutMinutes } = campaign.request;
  if (timeoutMinutes === undefined) {
    return;
  }
  // From its first job on: waiting for a worker is nobody's fault. One that is
  // tried again began before.
  const overdue: Array<{ datasetRef: string; migrationId: string }> = await deps
    .knex('campaign_datasets')
    .join('migrations', 'migrations.id', 'campaign_datasets.migration_id')
    .select({
      datasetRef: 'campaign_datasets.dataset_ref',
      migrationId: 'migration_id',
    })
    .where({
      'campaign_datasets.campaign_id': campaign.id,
      'campaign_datasets.state': 'active',
      'migrations.state': 'running',
    })
    .whereRaw(
      `greatest(migrations.started_at, campaign_datasets.started_at) < now() - ? * interval '1 minute'`,
      [timeoutMinutes],
    )
    .limit(AT_ONCE);
  for (const { datasetRef, migrationId } of overdue) {
    // First the mark: by the time it ends, it must be known why.
    await deps
      .knex('campaign_datasets')
      .where({ campaign_id: campaign.id, dataset_ref: datasetRef })
      .update({
        timed_out: true,
        reason: `It took longer than ${timeoutMinutes} minutes`,
      });
    await cancel(deps, campaign, migrationId);
  }
}

/**
 * Takes a campaign that is being cancelled on: what waits is cancelled at once,
 * what runs through its migration.
 */
export async function cancelCampaign(
  deps: CampaignDependencies,
  campaign: CampaignRecord,
): Promise<void> {
  const { knex } = deps;
  // Those that a dry run is at follow when it lets them go.
  await knex('campaign_datasets')
    .where({ campaign_id: campaign.id })
    .whereIn(
      'dataset_ref',
      knex('campaign_datasets')
        .select('dataset_ref')
        .where({ campaign_id: campaign.id })
        .whereIn('state', ['pending', 'waiting'])
        .forUpdate()
        .skipLocked(),
    )
    .update({ state: 'cancelled', reason: null });
  const running: string[] = await knex('campaign_datasets')
    .join('migrations', 'migrations.id', 'campaign_datasets.migration_id')
    .where({ 'campaign_datasets.campaign_id': campaign.id })
    .whereIn('migrations.state', ['queued', 'running', 'blocked'])
    .limit(AT_ONCE)
    .pluck('migration_id');
  for (const migrationId of running) {
    await cancel(deps, campaign, migrationId);
  }
  const left = await knex('campaign_datasets')
    .where({ campaign_id: campaign.id })
    .whereIn('state', ['pending', 'waiting', 'active', 'blocked'])
    .first('dataset_ref');
  if (!left) {
    await changeAndTell(deps, campaign, {
      patch: { state: 'cancelled', finishedAt: new Date() },
      message: 'Cancelled',
      // Of one that was never started there is nothing to tell.
      tell: campaign.startedAt && 'cancelled',
    });
  }
}

/** One that is past its cut over cannot be cancelled, and comes to its end. */
async function cancel(
  { migrations, logger }: CampaignDependencies,
  { initiator }: CampaignRecord,
  migrationId: string,
): Promise<void> {
  try {
    await migrations.cancel(migrationId, initiator);
  } catch (error) {
    assertError(error);
    if (!(error instanceof ConflictError)) {
      throw error;
    }
    logger.debug(error.message);
  }
}
