import { LoggerService } from '@backstage/backend-plugin-api';
import { SignalsService } from '@backstage/plugin-signals-node';
import {
  ChangedMigration,
  MigrationSignal,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { MigrationListener } from '../migrations/types';

const CHANNEL = 'dataset-migrations';
/** At most one signal in this time: a page redraws no faster. */
const QUIET_MS = 300;
/** The same for each of several that change: every signal is a request, and told to all. */
const QUIET_OF_EACH_MS = 500;
const MAX_QUIET_MS = 3000;
/**
 * How long what a campaign does waits for more of it: nobody watches each of thousands,
 * and every process would tell of them. Who does look at one asks more often anyway.
 */
const OF_CAMPAIGN_MS = 5000;

/**
 * Tells open pages which migrations changed, so that they ask anew: at once, or a
 * little later for those of campaigns, and of all that changed in the quiet time that
 * follows in one more signal at its end. A signal names migrations and datasets and says
 * nothing else, as every signed-in user may hear it.
 */
export function createMigrationSignals(options: {
  signals: SignalsService;
  logger: LoggerService;
}): MigrationListener {
  const changed = new Map<string, ChangedMigration>();
  let quietUntil = -Infinity;
  let dueAt = Infinity;
  let timer: NodeJS.Timeout | undefined;

  function publishIn(delayMs: number) {
    const now = performance.now();
    const at = Math.max(now + delayMs, quietUntil);
    if (at >= dueAt) {
      return;
    }
    clearTimeout(timer);
    if (at <= now) {
      publish();
    } else {
      dueAt = at;
      timer = setTimeout(publish, at - now).unref();
    }
  }

  function publish() {
    const migrations = [...changed.values()];
    changed.clear();
    dueAt = Infinity;
    quietUntil = performance.now() + quietAfter(migrations.length);
    const message: MigrationSignal = { type: 'migrations-updated', migrations };
    options.signals
      .publish({ recipients: { type: 'broadcast' }, channel: CHANNEL, message })
      // Pages poll where no signal comes through.
      .catch(error => options.logger.debug(`No signal was sent: ${error}`));
  }

  return ({ migrationId, datasetRef, campaignId }) => {
    changed.set(migrationId, { migrationId, datasetRef });
    publishIn(campaignId === undefined ? 0 : OF_CAMPAIGN_MS);
  };
}

function quietAfter(count: number): number {
  return count > 1
    ? Math.min(count * QUIET_OF_EACH_MS, MAX_QUIET_MS)
    : QUIET_MS;
}
