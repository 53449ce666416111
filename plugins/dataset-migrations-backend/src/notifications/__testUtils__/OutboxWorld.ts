import { mockServices } from '@backstage/backend-test-utils';
import {
  metricsServiceMock,
  tracingServiceMock,
} from '@backstage/backend-test-utils/alpha';
import { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import { JsonObject } from '@backstage/types';
import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { ConsumerStore } from '../../consumers/ConsumerStore';
import {
  fromMigrationRow,
  MigrationRecord,
} from '../../database/MigrationRecord';
import { testQueue, workOptions } from '../../queue/__testUtils__/testQueue';
import { QueueSettings } from '../../queue/settings';
import { JobQueue } from '../../queue/types';
import { createTelemetry } from '../../telemetry/createTelemetry';
import { createOutbox } from '../createOutbox';
import { DatabaseOutbox } from '../DatabaseOutbox';
import { DeliveryStore } from '../DeliveryStore';
import { AnnouncementKind } from '../types';

/** A process that makes deliveries. */
export interface Deliverer {
  queue: JobQueue;
  outbox: DatabaseOutbox;
}

/**
 * The outbox with its queue and callbacks, and what the settings ask for besides, as any
 * number of processes run it on one database.
 */
export class OutboxWorld {
  readonly deliveries: DeliveryStore;
  /** Through Backstage's notifications, where the settings say so. */
  readonly notified: NotificationSendOptions[] = [];
  /** What was published on the events service, in order. */
  readonly bodies: JsonObject[] = [];
  /** Awaited whenever something was published, which fails as it does. */
  onPublished: () => Promise<void> = async () => {};
  private readonly running: Deliverer[] = [];

  /** @param settings - of `datasetMigrations.notifications` */
  constructor(
    private readonly knex: Knex,
    private readonly settings: JsonObject,
  ) {
    this.deliveries = new DeliveryStore(knex);
  }

  /** Ids of the {@link bodies}. */
  get published(): string[] {
    return this.bodies.map(({ id }) => String(id));
  }

  /** Another process; one that enqueues and takes no jobs where it does not work. */
  async process(
    options: { works?: boolean; queue?: Partial<QueueSettings> } = {},
  ): Promise<Deliverer> {
    const { knex, deliveries } = this;
    const queue = testQueue(knex, options.queue);
    await queue.start();
    const outbox = createOutbox({
      knex,
      queue,
      deliveries,
      consumers: new ConsumerStore(knex),
      followers: { toTell: async () => [] },
      telemetry: createTelemetry({
        metrics: metricsServiceMock.mock(),
        tracing: tracingServiceMock.mock(),
      }),
      logger: mockServices.logger.mock(),
      events: mockServices.events.mock({
        publish: async ({ eventPayload }) => {
          this.bodies.push(eventPayload as JsonObject);
          await this.onPublished();
        },
      }),
      notifications: {
        send: async one => void this.notified.push(one),
      },
      notifiers: [],
      config: mockServices.rootConfig({
        data: {
          app: { baseUrl: 'http://portal.test' },
          datasetMigrations: {
            queue: { concurrency: options.queue?.concurrency ?? {} },
            notifications: { owners: false, events: false, ...this.settings },
          },
        },
      }),
    });
    const deliverer = { queue, outbox };
    this.running.push(deliverer);
    if (options.works ?? true) {
      await queue.onDead(async (payload, error) => {
        if (payload.task === 'deliver') {
          await outbox.markDead(payload.deliveryId, error);
        }
      });
      await queue.work(async (payload, job) => {
        if (payload.task === 'deliver') {
          await outbox.deliver(payload.deliveryId, job);
        }
      }, workOptions);
    }
    return deliverer;
  }

  async stop(): Promise<void> {
    await Promise.all(
      this.running.map(async ({ queue, outbox }) => {
        await queue.stop(outbox.stop());
      }),
    );
  }

  /** A dataset with a migration and consumers, by name with their addresses. */
  async migration(
    name: string,
    webhooks: Record<string, string>,
  ): Promise<{ migration: MigrationRecord; consumers: Consumer[] }> {
    const datasetRef = `resource:default/${name}`;
    await this.knex('datasets').insert({
      entity_ref: datasetRef,
      title: name,
      versions: '[]',
      contracts: '[]',
      documents: '[]',
      problems: '[]',
      content_hash: '',
    });
    const [row] = await this.knex('migrations')
      .insert({
        id: randomUUID(),
        dataset_ref: datasetRef,
        location_key: name,
        location: '{}',
        from_version: '1.0.0',
        to_version: '2.0.0',
        policy: 'switch',
        state: 'succeeded',
        started_by: 'user:default/amelia',
        source_contract: '{}',
        target_contract: '{}',
        plan: '{"steps":[],"changes":[]}',
      })
      .returning('*');
    const store = new ConsumerStore(this.knex);
    await store.upsert(
      Object.entries(webhooks).map(([consumer, webhook]) => ({
        datasetRef,
        entityRef: `component:default/${consumer}`,
        source: 'declared',
        webhook,
      })),
    );
    return {
      migration: fromMigrationRow(row),
      consumers: await store.ofDataset(datasetRef),
    };
  }

  /** Announces something, as the job of number `sequence` of the migration does. */
  async announce(
    { outbox }: Deliverer,
    kind: AnnouncementKind,
    about: { migration: MigrationRecord; consumers: Consumer[] },
    sequence: number,
  ): Promise<void> {
    const { migration, consumers } = about;
    await this.knex.transaction(trx =>
      outbox.announce(trx, kind, { ...migration, sequence }, consumers),
    );
  }

  /** The deliveries in the order of what they tell, by their ids. */
  async positions(): Promise<Map<string, number>> {
    const rows = await this.knex('deliveries').select('id', 'position');
    return new Map(rows.map(({ id, position }) => [id, Number(position)]));
  }
}
