import { changeCampaign } from '../database/operations/campaigns/changeCampaign';
import {
  countStartablePlaces,
  Places,
} from '../database/operations/campaigns/listStartable';
import { CampaignDependencies } from './dependencies';
import { shareOut } from './shareOut';
import { CampaignRecord } from './types';

/** What a round of starts left of a campaign. */
export interface Rest {
  campaign: CampaignRecord;
  inFlight: number;
  /** How many it may start besides, of its own limits; 0 while it may start none. */
  within: number;
}

/**
 * Writes down how many datasets each campaign could start now if there were
 * workers enough: what the next round would start then. What one would take of
 * a connection, of an owner or of the room for all campaigns is not there for
 * the next one.
 *
 * @param busy - migrations in flight of all campaigns, of these and of others
 */
export async function writeDispatchable(
  { knex, settings }: Pick<CampaignDependencies, 'knex' | 'settings'>,
  rests: Rest[],
  busy: number,
): Promise<void> {
  const taken: Places[] = [];
  await shareOut(rests, {
    room: settings.maxInFlight - busy,
    inFlight: rest => rest.inFlight,
    async take({ campaign, within }, share) {
      const most = Math.min(within, share);
      const places =
        most > 0 ? await countStartablePlaces(knex, campaign, most, taken) : [];
      const dispatchable = places.reduce((sum, { count }) => sum + count, 0);
      if (dispatchable !== campaign.dispatchable) {
        await changeCampaign(knex, campaign, { dispatchable });
      }
      taken.push(...places);
      return dispatchable;
    },
  });
}
