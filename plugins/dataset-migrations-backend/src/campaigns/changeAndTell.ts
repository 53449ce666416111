import { CampaignEvent } from '@skein/backstage-plugin-dataset-migrations-common';
import { appendCampaignEvent } from '../database/operations/campaigns/campaignEvents';
import {
  CampaignPatch,
  changeCampaign,
} from '../database/operations/campaigns/changeCampaign';
import { CampaignAnnouncementKind } from '../notifications/types';
import { CampaignDependencies } from './dependencies';
import { CampaignRecord } from './types';

/**
 * Changes a campaign, says so in its log and tells the owners of its datasets, in
 * one transaction: they are told exactly if it happened (G7).
 *
 * @param options.tell - what owners are told; default nothing
 * @returns undefined when somebody brought it into another state since
 */
export async function changeAndTell(
  { knex, outbox }: CampaignDependencies,
  campaign: CampaignRecord,
  options: {
    patch: Omit<CampaignPatch, 'tells'>;
    level?: CampaignEvent['level'];
    message: string;
    tell?: CampaignAnnouncementKind;
  },
): Promise<CampaignRecord | undefined> {
  const { patch, level, message, tell } = options;
  return knex.transaction(async trx => {
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
