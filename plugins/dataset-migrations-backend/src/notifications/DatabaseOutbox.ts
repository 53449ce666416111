import { randomUUID } from 'node:crypto';
import { LoggerService } from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import {
  Consumer,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { JobQueue } from '../queue/types';
import { Telemetry } from '../telemetry/types';
import { announcementEvent, eventTypeOf } from './announcements';
import { BackoffSettings, nextAttemptIn } from './backoff';
import { DeliveryRecord, DeliveryStore, NewDelivery } from './DeliveryStore';
import { receiversOf } from './receivers';
import { Sender, UndeliverableError } from './senders';
import { AnnouncementKind, Outbox } from './types';

const MAX_ERROR_LENGTH = 500;

/**
 * The outbox in the plugin's database. An announcement is written and its jobs
 * are enqueued in the transaction of what it tells, so it is made exactly if
 * that happened.
 */
export class DatabaseOutbox implements Outbox {
  private readonly senders: Map<string, Sender>;

  constructor(
    private readonly options: {
      knex: Knex;
      queue: JobQueue;
      deliveries: DeliveryStore;
      senders: Sender[];
      backoff: BackoffSettings;
      telemetry: Telemetry;
      logger: LoggerService;
      /** Where the portal is, for links. */
      portalUrl?: string;
    },
  ) {
    this.senders = new Map(
      options.senders.map(sender => [sender.kind, sender]),
    );
  }

  async announce(
    trx: Knex.Transaction,
    kind: AnnouncementKind,
    migration: Migration,
    consumers: Consumer[],
  ): Promise<void> {
    const { deliveries, portalUrl } = this.options;
    const { occurrence, owner } = await trx('migrations')
      .leftJoin('datasets', 'datasets.entity_ref', 'migrations.dataset_ref')
      .where('migrations.id', migration.id)
      .first({ occurrence: 'migrations.sequence', owner: 'datasets.owner' });

    const receivers = receiversOf({
      kinds: [...this.senders.keys()],
      datasetRef: migration.datasetRef,
      owner: owner ?? undefined,
      consumers,
    });
    const written = receivers.map(
      ({ kind: by, ref, target, consumer }): NewDelivery => {
        const id = randomUUID();
        return {
          id,
          migrationId: migration.id,
          datasetRef: migration.datasetRef,
          consumerRef: ref,
          kind: by,
          eventType: eventTypeOf(kind),
          target,
          occurrence: Number(occurrence),
          body: announcementEvent({ id, kind, migration, consumer, portalUrl }),
        };
      },
    );
    await this.enqueue(trx, await deliveries.insert(trx, written));
  }

  async deliver(deliveryId: string, signal: AbortSignal): Promise<void> {
    const delivery = await this.options.deliveries.find(deliveryId);
    if (delivery?.state !== 'pending') {
      return;
    }
    try {
      const sender = this.senders.get(delivery.kind);
      if (!sender) {
        throw new UndeliverableError(
          `No notifier '${delivery.kind}' is installed any more`,
        );
      }
      const sent = await sender.send(delivery, signal);
      await this.options.deliveries.markDelivered(deliveryId, sent?.status);
      this.options.telemetry.deliveryEnded(delivery.kind, 'delivered');
    } catch (error) {
      // Interrupted, not failed: the job goes back as it was.
      signal.throwIfAborted();
      assertError(error);
      await this.failed(delivery, error);
    }
  }

  async markDead(deliveryId: string, error: string): Promise<void> {
    const { deliveries, knex, telemetry } = this.options;
    const delivery = await deliveries.find(deliveryId);
    if (delivery?.state === 'pending') {
      await deliveries.markFailed(knex, deliveryId, {
        error: error.slice(0, MAX_ERROR_LENGTH),
      });
      telemetry.deliveryEnded(delivery.kind, 'dead');
    }
  }

  /**
   * Sends a delivery again from its first attempt, whatever became of it.
   * @throws NotFoundError
   */
  async redeliver(deliveryId: string): Promise<void> {
    await this.options.knex.transaction(async trx => {
      await this.options.deliveries.reset(trx, deliveryId);
      await this.enqueue(trx, [deliveryId]);
    });
  }

  private async failed(
    delivery: DeliveryRecord,
    error: Error & { status?: number },
  ): Promise<void> {
    const { knex, deliveries, backoff, telemetry, logger } = this.options;
    const nextInSeconds =
      error instanceof UndeliverableError
        ? undefined
        : nextAttemptIn(backoff, delivery.attempts + 1);
    await knex.transaction(async trx => {
      await deliveries.markFailed(trx, delivery.id, {
        error: error.message.slice(0, MAX_ERROR_LENGTH),
        status: error.status,
        nextInSeconds,
      });
      if (nextInSeconds !== undefined) {
        await this.enqueue(trx, [delivery.id], nextInSeconds);
      }
    });
    const outcome = nextInSeconds === undefined ? 'dead' : 'failed';
    telemetry.deliveryEnded(delivery.kind, outcome);
    logger.warn(
      `Delivery ${delivery.id} (${delivery.kind}) to ${delivery.target} is ${outcome}: ${error.message}`,
    );
  }

  private async enqueue(
    trx: Knex.Transaction,
    deliveryIds: string[],
    startAfterSeconds?: number,
  ): Promise<void> {
    await this.options.queue.enqueueAll(
      trx,
      deliveryIds.map(deliveryId => ({
        payload: { task: 'deliver', deliveryId },
        key: `delivery:${deliveryId}`,
        startAfterSeconds,
      })),
    );
  }
}
