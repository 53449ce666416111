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
 * Tells open pages which migrations changed, so that they ask anew: at once, and
 * of all that changed in the quiet time that follows in one more signal at its
 * end. A signal names migrations and datasets and says nothing else, as every
 * signed-in user may hear it.
 */
export function createMigrationSignals(options: {
  signals: SignalsService;
  logger: LoggerService;
}): MigrationListener {
  const changed = new Map<string, ChangedMigration>();
  let quiet = false;

  function publish() {
    const migrations = [...changed.values()];
    changed.clear();
    quiet = migrations.length > 0;
    if (!quiet) {
      return;
    }
    setTimeout(publish, quietAfter(migrations.length)).unref();
    const message: MigrationSignal = { type: 'migrations-updated', migrations };
    options.signals
      .publish({ recipients: { type: 'broadcast' }, channel: CHANNEL, message })
      // Pages poll where no signal comes through.
      .catch(error => options.logger.debug(`No signal was sent: ${error}`));
  }

  return ({ migrationId, datasetRef }) => {
    changed.set(migrationId, { migrationId, datasetRef });
    if (!quiet) {
      publish();
    }
  };
}

function quietAfter(count: number): number {
  return count > 1
    ? Math.min(count * QUIET_OF_EACH_MS, MAX_QUIET_MS)
    : QUIET_MS;
}
