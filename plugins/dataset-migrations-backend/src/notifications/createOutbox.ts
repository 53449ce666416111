import {
  LoggerService,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import { EventsService } from '@backstage/plugin-events-node';
import { NotificationService } from '@backstage/plugin-notifications-node';
import { Notifier } from '@skein/backstage-plugin-dataset-migrations-node';
import { Knex } from 'knex';
import { ConsumerStore } from '../consumers/ConsumerStore';
import { Followers } from '../followers/Followers';
import { readPortalUrl } from '../portalUrl';
import { readQueueSettings } from '../queue/settings';
import { JobQueue } from '../queue/types';
import { Telemetry } from '../telemetry/types';
import { readBackoffSettings } from './backoff';
import { DatabaseOutbox } from './DatabaseOutbox';
import { DeliveryJobs } from './DeliveryJobs';
import { DeliveryRunner } from './DeliveryRunner';
import { DeliveryStore } from './DeliveryStore';
import { DirectDeliveries } from './DirectDeliveries';
import { FollowerSender } from './FollowerSender';
import {
  EventSender,
  NotificationSender,
  NotifierSender,
  Sender,
} from './senders';
import { hears } from './webhooks/addresses';
import { HostSlots } from './webhooks/HostSlots';
import { NameResolver } from './webhooks/NameResolver';
import { readWebhookSettings } from './webhooks/settings';
import { SecretGenerations } from './webhooks/signing/SecretGenerations';
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
  followers: Pick<Followers, 'toTell'>;
  telemetry: Telemetry;
  config: RootConfigService;
  logger: LoggerService;
  events: EventsService;
  notifications: NotificationService;
  notifiers: Notifier[];
}): DatabaseOutbox {
  const { config, logger, consumers } = options;
  const webhooks = readWebhookSettings(config);
  const slots = readQueueSettings(config).concurrency.deliver;
  const senders: Sender[] = [
    new WebhookSender({
      consumers,
      settings: webhooks,
      hosts: new HostSlots(Math.max(1, Math.floor(slots / 2))),
      names: new NameResolver(),
      generations: new SecretGenerations(options.knex),
    }),
    ...options.notifiers.map(
      notifier => new NotifierSender({ notifier, logger }),
    ),
  ];
  if (tellsPeople(config)) {
    senders.push(
      new NotificationSender(options.notifications),
      new FollowerSender(options),
    );
  }
  if (
    config.getOptionalBoolean('datasetMigrations.notifications.events') ??
    true
  ) {
    senders.push(new EventSender(options.events));
  }
  const jobs = new DeliveryJobs({ queue: options.queue, senders, slots });
  const runner = new DeliveryRunner({
    ...options,
    jobs,
    senders,
    backoff: readBackoffSettings(config),
  });
  return new DatabaseOutbox({
    ...options,
    jobs,
    runner,
    direct: new DirectDeliveries({ ...options, runner, senders }),
    kinds: senders.map(({ kind }) => kind),
    hears: (address, kind) => hears(webhooks.rules, address, kind),
    portalUrl: readPortalUrl(config),
  });
}

/** Whether people are told through Backstage's notifications. */
export function tellsPeople(config: RootConfigService): boolean {
  return (
    config.getOptionalBoolean('datasetMigrations.notifications.owners') ?? true
  );
}
