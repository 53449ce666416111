import { CampaignEvent } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

/** Adds a line to the log of a campaign. */
export async function appendCampaignEvent(
  knex: Knex,
  campaignId: string,
  event: { level?: CampaignEvent['level']; message: string },
): Promise<void> {
  await knex('campaign_events').insert({
    campaign_id: campaignId,
    level: event.level ?? 'info',
    message: event.message,
  });
}

/** The newest first. */
export async function listCampaignEvents(
  knex: Knex,
  campaignId: string,
  limit: number,
): Promise<CampaignEvent[]> {
  const rows = await knex('campaign_events')
    .where({ campaign_id: campaignId })
    .orderBy('id', 'desc')
    .limit(limit);
  return rows.map(({ at, level, message }) => ({
    at: at.toISOString(),
    level,
    message,
  }));
}
