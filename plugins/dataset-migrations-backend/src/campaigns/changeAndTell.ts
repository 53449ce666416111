import { CampaignEvent } from '@skein/backstage-plugin-dataset-migrations-common';
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
import { CampaignAnnouncementKind } from '../notifications/types';
import { CampaignDependencies } from './dependencies';
import { CampaignRecord } from './types';

/** Whether what is to be done of a campaign is so still, of how it stands now. */
export type StillSo = (
  campaign: CampaignRecord,
  counts: CampaignCounts,
) => boolean;

/**
 * Changes a campaign, says so in its log and tells the owners of its datasets, in
 * one transaction: they are told exactly if it happened (G7).
 *
 * @param options.onlyIf - asked of how it stands while it is held, where the caller
 *   read so before and somebody may have acted on it since
 * @param options.tell - what owners are told; default nothing
 * @returns undefined when somebody brought it into another state since
 */
export async function changeAndTell(
  { knex, outbox }: CampaignDependencies,
  campaign: CampaignRecord,
  options: {
    onlyIf?: StillSo;
    patch: Omit<CampaignPatch, 'tells'>;
    level?: CampaignEvent['level'];
    message: string;
    tell?: CampaignAnnouncementKind;
  },
): Promise<CampaignRecord | undefined> {
  const { onlyIf, patch, level, message, tell } = options;
  return knex.transaction(async trx => {
    if (onlyIf) {
      const now = await getCampaign(trx, campaign.id, { lock: 'update' });
      if (!onlyIf(now, await countDatasetsOf(trx, campaign.id))) {
        return undefined;
      }
    }
    const changed = await changeCampaign(trx, campaign, {
      ...patch,
      tells: tell !== undefined,
    });
    if (changed) {
      await appendCampaignEvent(trx, campaign.id, { level, message });
      if (tell) {
        await outbox.announceCampaign(trx, tell, changed);
      }
    }
    return changed;
  });
}
