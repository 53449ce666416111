import { LoggerService } from '@backstage/backend-plugin-api';
import { SignalsService } from '@backstage/plugin-signals-node';
import {
  ChangedMigration,
  MigrationSignal,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { MigrationListener } from '../migrations/types';
import { atMost } from '../queue/atMost';

const CHANNEL = 'dataset-migrations';
/** At most one signal in this time: a page redraws no faster. */
const QUIET_MS = 300;
/** The same for each of several that change: every signal is a request, and told to all. */
const QUIET_OF_EACH_MS = 500;
const MAX_QUIET_MS = 3000;
/**
 * How long the stages of what a campaign started wait for more of them: nobody watches
 * each of thousands, and every process would tell of them.
 */
const OF_CAMPAIGN_MS = 5000;
/** A process does not wait longer with its end for a portal that does not answer. */
const FAREWELL_SECONDS = 1;

/**
 * Tells open pages which migrations changed, so that they ask anew: at once, or a
 * little later of what a campaign started, and of all that changed in the quiet time that
 * follows in one more signal at its end. A signal names migrations and datasets and says
 * nothing else, as every signed-in user may hear it.
 */
export function createMigrationSignals(options: {
  signals: SignalsService;
  logger: LoggerService;
}): {
  changed: MigrationListener;
  /** Tells at once what is still to be told, as the process ends; never rejects. */
  flush(): Promise<void>;
} {
  const changed = new Map<string, ChangedMigration>();
  let quietUntil = -Infinity;
  let dueAt = Infinity;
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> = Promise.resolve();

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
    sending = options.signals
      .publish({ recipients: { type: 'broadcast' }, channel: CHANNEL, message })
      // Pages poll where no signal comes through.
      .catch(error => options.logger.debug(`No signal was sent: ${error}`));
  }

  return {
    changed({ migrationId, datasetRef, campaignId }) {
      changed.set(migrationId, { migrationId, datasetRef });
      publishIn(campaignId === undefined ? 0 : OF_CAMPAIGN_MS);
    },
    async flush() {
      clearTimeout(timer);
      if (changed.size > 0) {
        publish();
      }
      await atMost(FAREWELL_SECONDS, sending);
    },
  };
}

function quietAfter(count: number): number {
  return count > 1
    ? Math.min(count * QUIET_OF_EACH_MS, MAX_QUIET_MS)
    : QUIET_MS;
}
