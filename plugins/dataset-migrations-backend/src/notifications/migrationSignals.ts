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
/** The same while several migrations change, as every signal is a request. */
const QUIET_IN_CROWD_MS = 1000;

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
    setTimeout(
      publish,
      migrations.length > 1 ? QUIET_IN_CROWD_MS : QUIET_MS,
    ).unref();
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
