import { appendCampaignEvent } from '../database/operations/campaigns/campaignEvents';
import { changeCampaign } from '../database/operations/campaigns/changeCampaign';
import { CampaignDependencies } from './dependencies';
import { CampaignRecord } from './types';

/** Pauses a campaign by itself, and tells who created it why. */
export async function pauseCampaign(
  { knex, tellCreator }: CampaignDependencies,
  campaign: CampaignRecord,
  reason: string,
): Promise<void> {
  const paused = await changeCampaign(knex, campaign, {
    state: 'paused',
    reason,
    dispatchable: 0,
    opensAt: null,
  });
  if (paused) {
    await appendCampaignEvent(knex, campaign.id, {
      level: 'warn',
      message: `Paused: ${reason}`,
    });
    await tellCreator(paused);
  }
}
