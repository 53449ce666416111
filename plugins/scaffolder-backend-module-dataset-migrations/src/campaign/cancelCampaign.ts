import { LoggerService } from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { Campaign } from '@skein/backstage-plugin-dataset-migrations-common';
import { BackendCall, BackendCalls } from '../backend/BackendCalls';

/** Cancels what a cancelled task has created. */
export async function cancelCampaign(
  id: string,
  backend: BackendCalls,
  logger: LoggerService,
): Promise<void> {
  const cancel: BackendCall<Campaign> = (api, options) =>
    api.campaigns.act(id, 'cancel', options);
  try {
    await backend.asOwner(cancel);
    logger.info(`Cancelled campaign ${id}`);
  } catch (error) {
    logger.warn(`Campaign ${id} was not cancelled: ${stringifyError(error)}`);
  }
}
