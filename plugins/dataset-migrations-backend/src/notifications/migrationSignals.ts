import { LoggerService } from '@backstage/backend-plugin-api';
import { SignalsService } from '@backstage/plugin-signals-node';
import { MigrationSignal } from '@skein/backstage-plugin-dataset-migrations-common';
import { MigrationListener } from '../migrations/types';

const CHANNEL = 'dataset-migrations';
/** At most one signal per migration in this time: a page redraws no faster. */
const QUIET_MS = 300;

/**
 * Tells open pages that a migration changed, so that they ask anew: at once, and
 * once more at the end of a quiet time in which there was more. The signal
 * names migration and dataset and says nothing else, as every signed-in user
 * may hear it.
 */
export function createMigrationSignals(options: {
  signals: SignalsService;
  logger: LoggerService;
}): MigrationListener {
  const quiet = new Map<string, { more: boolean }>();

  const publish: MigrationListener = ({ migrationId, datasetRef }) => {
    const state = { more: false };
    quiet.set(migrationId, state);
    setTimeout(() => {
      quiet.delete(migrationId);
      if (state.more) {
        publish({ migrationId, datasetRef });
      }
    }, QUIET_MS).unref();

    const message: MigrationSignal = {
      type: 'migration-updated',
      migrationId,
      datasetRef,
    };
    options.signals
      .publish({ recipients: { type: 'broadcast' }, channel: CHANNEL, message })
      // Pages poll where no signal comes through.
      .catch(error => options.logger.debug(`No signal was sent: ${error}`));
  };

  return migration => {
    const state = quiet.get(migration.migrationId);
    if (state) {
      state.more = true;
    } else {
      publish(migration);
    }
  };
}
