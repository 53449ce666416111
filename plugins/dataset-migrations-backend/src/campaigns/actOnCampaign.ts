import { ConflictError } from '@backstage/errors';
import {
  CampaignAction,
  campaignActions,
  retriedDatasetStates,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { appendCampaignEvent } from '../database/operations/campaigns/campaignEvents';
import {
  CampaignPatch,
  changeCampaign,
} from '../database/operations/campaigns/changeCampaign';
import {
  CampaignCounts,
  countDatasetsOf,
} from '../database/operations/campaigns/countCampaignDatasets';
import { getCampaign } from '../database/operations/campaigns/getCampaign';
import { Initiator } from '../permissions/initiators';
import { CampaignRecord } from './types';
import { endedOf } from './whyStop';

const said: Record<CampaignAction, string> = {
  start: 'Started',
  pause: 'Paused',
  resume: 'Resumed',
  cancel: 'Cancellation asked for',
  'retry-failed': 'Failed ones are tried again',
};

/** What the state of a campaign allows; whether the caller may is another question. */
export function campaignActionsFor(
  { state }: CampaignRecord,
  counts: CampaignCounts,
): CampaignAction[] {
  const actions = Object.keys(campaignActions) as CampaignAction[];
  return actions
    .filter(action => campaignActions[action].from.includes(state))
    .filter(action => action !== 'retry-failed' || retriable(counts) > 0);
}

/**
 * Does what a person asks of a campaign.
 *
 * @param by - who must be permitted to migrate each dataset from now on
 * @throws NotFoundError; ConflictError when its state does not allow it
 */
export async function actOnCampaign(
  knex: Knex,
  options: { id: string; action: CampaignAction; by: Initiator },
): Promise<CampaignRecord> {
  const { id, action, by } = options;
  return knex.transaction(async trx => {
    const campaign = await getCampaign(trx, id, { lock: 'update' });
    const counts = await countDatasetsOf(trx, id);
    const allowed = campaignActionsFor(campaign, counts);
    if (!allowed.includes(action)) {
      throw new ConflictError(
        `Campaign ${id} is ${
          campaign.state
        }, which does not allow '${action}'; possible is: ${
          allowed.join(', ') || 'nothing'
        }`,
      );
    }
    if (action === 'retry-failed') {
      await retryDatasets(trx, id);
    }
    const changed = await changeCampaign(trx, campaign, {
      state: campaignActions[action].to,
      reason: null,
      dispatchable: 0,
      // Who makes it go on answers for it, and not who once created it.
      ...(action !== 'pause' && { initiator: by }),
      ...patchOf(action, campaign, counts),
    });
    await appendCampaignEvent(trx, id, {
      message: `${said[action]}, by ${by.subject}`,
    });
    return changed!;
  });
}

function patchOf(
  action: CampaignAction,
  campaign: CampaignRecord,
  counts: CampaignCounts,
): CampaignPatch {
  switch (action) {
    case 'start':
      return { startedAt: new Date() };
    case 'resume':
      // Who goes on after failures has seen them.
      return {
        accepted: {
          failed: counts.failed,
          ended: endedOf(counts),
          wave: campaign.currentWave,
        },
      };
    case 'retry-failed':
      return {
        finishedAt: null,
        toldBlocked: false,
        accepted: { failed: 0, ended: counts.succeeded, wave: 0 },
      };
    default:
      return {};
  }
}

function retriable(counts: CampaignCounts): number {
  return retriedDatasetStates.reduce((sum, state) => sum + counts[state], 0);
}

async function retryDatasets(trx: Knex.Transaction, id: string) {
  await trx('campaign_datasets')
    .where({ campaign_id: id })
    .whereIn('state', [...retriedDatasetStates])
    .update({
      state: 'waiting',
      reason: null,
      timed_out: false,
      not_before: null,
      finished_at: null,
    });
}
