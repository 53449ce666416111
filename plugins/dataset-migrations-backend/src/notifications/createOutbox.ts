import {
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { EventsService } from '@backstage/plugin-events-node';
import { NotificationService } from '@backstage/plugin-notifications-node';
import { Notifier } from '@skein/backstage-plugin-dataset-migrations-node';
import { Knex } from 'knex';
import { ConsumerStore } from '../consumers/ConsumerStore';
import { readPortalUrl } from '../portalUrl';
import { JobQueue } from '../queue/types';
import { Telemetry } from '../telemetry/types';
import { readBackoffSettings } from './backoff';
import { DatabaseOutbox } from './DatabaseOutbox';
import { DeliveryStore } from './DeliveryStore';
import {
  EventSender,
  NotificationSender,
  NotifierSender,
  Sender,
} from './senders';
import { readWebhookSettings } from './webhooks/settings';
import { WebhookSender } from './webhooks/WebhookSender';

/**
 * The outbox with all ways to deliver: callbacks, Backstage's notifications
 * unless `datasetMigrations.notifications.owners` is false, events unless
 * `datasetMigrations.notifications.events` is, and what modules brought.
 *
 * @throws InputError naming the key of a setting that is not valid
 */
export function createOutbox(options: {
  knex: Knex;
  queue: JobQueue;
  deliveries: DeliveryStore;
  consumers: ConsumerStore;
  telemetry: Telemetry;
  config: RootConfigService;
  logger: LoggerService;
  events: EventsService;
  notifications: NotificationService;
  notifiers: Notifier[];
}): DatabaseOutbox {
  const { config, logger, consumers } = options;
  const senders: Sender[] = [
    new WebhookSender({ consumers, settings: readWebhookSettings(config) }),
    ...options.notifiers.map(
      notifier => new NotifierSender({ notifier, logger }),
    ),
  ];
  if (tellsPeople(config)) {
    senders.push(new NotificationSender(options.notifications));
  }
  if (
    config.getOptionalBoolean('datasetMigrations.notifications.events') ??
    true
  ) {
    senders.push(new EventSender(options.events));
  }
  return new DatabaseOutbox({
    ...options,
    senders,
    backoff: readBackoffSettings(config),
    portalUrl: readPortalUrl(config),
  });
}

/** Whether people are told through Backstage's notifications. */
export function tellsPeople(config: RootConfigService): boolean {
  return (
    config.getOptionalBoolean('datasetMigrations.notifications.owners') ?? true
  );
}
