import { LoggerService } from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import { Knex } from 'knex';
import { deleteCampaigns } from './deleteCampaigns';
import { deleteDeliveries } from './deleteDeliveries';
import { deleteCampaignEvents, deleteMigrationEvents } from './deleteEvents';
import { deleteFollowers } from './deleteFollowers';
import { deleteMigrations } from './deleteMigrations';
import { deletePreflights } from './deletePreflights';
import { Removal } from './inRounds';
import { removeEvidence } from './removeEvidence';
import { RetentionSettings } from './settings';

/** In this order, so that nothing is made smaller just before it goes. */
const removals: Array<{
  what: string;
  kept: keyof RetentionSettings;
  remove: Removal;
}> = [
  { what: 'preflights', kept: 'preflights', remove: deletePreflights },
  { what: 'deliveries', kept: 'deliveries', remove: deleteDeliveries },
  {
    what: 'followers of datasets that are gone',
    kept: 'deliveries',
    remove: deleteFollowers,
  },
  { what: 'campaigns', kept: 'campaigns', remove: deleteCampaigns },
  { what: 'migrations', kept: 'migrations', remove: deleteMigrations },
  {
    what: 'log lines of migrations',
    kept: 'events',
    remove: deleteMigrationEvents,
  },
  {
    what: 'log lines of campaigns',
    kept: 'events',
    remove: deleteCampaignEvents,
  },
  {
    what: 'migrations, of which only the evidence',
    kept: 'evidence',
    remove: removeEvidence,
  },
];

/**
 * Removes what is older than the settings say. It may end at any moment, and
 * doing it again goes on from there.
 *
 * @throws the signal's reason when it is aborted
 */
export async function removeExpired(
  { knex, logger }: { knex: Knex; logger: LoggerService },
  settings: RetentionSettings,
  signal: AbortSignal,
): Promise<void> {
  for (const { what, kept, remove } of removals) {
    try {
      const before = new Date(Date.now() - settings[kept]);
      const count = await remove({ knex, before, signal });
      if (count > 0) {
        logger.info(`Removed what is kept no longer: ${count} ${what}`);
      }
    } catch (error) {
      signal.throwIfAborted();
      assertError(error);
      // One of them must not keep the others.
      logger.warn(`Could not remove old ${what}: ${error.message}`);
    }
  }
}
