import {
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import { CampaignState } from '@skein/backstage-plugin-dataset-migrations-common';
import { NotificationService } from '@backstage/plugin-notifications-node';
import { tellsPeople } from '../notifications/createOutbox';
import { CampaignRecord } from './types';

const said: Partial<Record<CampaignState, string>> = {
  paused: 'has paused',
  running: 'waits for consumers',
};

/**
 * Tells who created a campaign, through Backstage's notifications, that it
 * finished, paused by itself or waits for consumers alone. A portal without them,
 * or that cannot be reached, keeps no campaign from going on.
 */
export function createTellCreator(options: {
  config: RootConfigService;
  notifications: NotificationService;
  logger: LoggerService;
}): (campaign: CampaignRecord) => Promise<void> {
  const { notifications, logger } = options;
  const isOn = tellsPeople(options.config);
  return async ({ id, title, state, reason, createdBy }) => {
    if (!isOn || !createdBy.startsWith('user:')) {
      return;
    }
    try {
      await notifications.send({
        recipients: { type: 'entity', entityRef: createdBy },
        payload: {
          title: `Campaign ${title} ${said[state] ?? `is ${state}`}`,
          description: reason,
          link: `/dataset-migrations/campaigns/${id}`,
          topic: 'dataset-migrations.campaign',
          scope: `dataset-migrations:campaign:${id}`,
          severity: state === 'finished' ? 'normal' : 'high',
        },
      });
    } catch (error) {
      assertError(error);
      logger.warn(
        `Could not tell ${createdBy} of a campaign: ${error.message}`,
      );
    }
  };
}
