import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { BackendCall, BackendCalls } from '../backend/BackendCalls';

/**
 * Cancels what a cancelled task has started, as the user who did so, or as the
 * scaffolder if that user's token has died meanwhile. One that is over by now
 * stays as it is.
 */
export async function cancelMigration(
  id: string,
  backend: BackendCalls,
  logger: LoggerService,
): Promise<void> {
  const cancel: BackendCall<Migration> = (api, options) =>
    api.cancelMigration(id, options);
  try {
    await backend.asOwner(cancel);
    logger.info(`Cancelled migration ${id}`);
  } catch (error) {
    logger.warn(`Migration ${id} was not cancelled: ${stringifyError(error)}`);
  }
}
