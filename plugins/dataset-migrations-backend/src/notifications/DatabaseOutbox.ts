import { randomUUID } from 'node:crypto';
import { LoggerService } from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { CampaignRecord } from '../campaigns/types';
import { MigrationRecord } from '../database/MigrationRecord';
import { countByOwner } from '../database/operations/campaigns/countCampaignDatasets';
import { JobQueue } from '../queue/types';
import { Telemetry } from '../telemetry/types';
import { announcementEvent, eventTypeOf } from './announcements';
import { BackoffSettings, nextAttemptIn } from './backoff';
import { campaignEvent, campaignEventTypeOf } from './campaignAnnouncements';
import { DeliveryRecord, DeliveryStore, NewDelivery } from './DeliveryStore';
import { receiversOf, tellsOwner } from './receivers';
import { Sender, UndeliverableError } from './senders';
import { AnnouncementKind, CampaignAnnouncementKind, Outbox } from './types';

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
    migration: MigrationRecord,
    consumers: Consumer[],
  ): Promise<void> {
    const { deliveries, portalUrl } = this.options;
    const receivers = receiversOf({
      kinds: [...this.senders.keys()],
      datasetRef: migration.datasetRef,
      owner:
        this.tellsPeople() && tellsOwner(kind, migration)
          ? await ownerOf(trx, migration.datasetRef)
          : undefined,
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
          occurrence: migration.sequence,
          body: announcementEvent({ id, kind, migration, consumer, portalUrl }),
        };
      },
    );
    await this.enqueue(trx, await deliveries.insert(trx, written));
  }

  async announceCampaign(
    trx: Knex.Transaction,
    kind: CampaignAnnouncementKind,
    campaign: CampaignRecord,
  ): Promise<void> {
    if (!this.tellsPeople()) {
      return;
    }
    const { deliveries, portalUrl } = this.options;
    const owners = await countByOwner(trx, campaign.id);
    const written = [...owners].map(([owner, counts]): NewDelivery => {
      const id = randomUUID();
      return {
        id,
        campaignId: campaign.id,
        consumerRef: owner,
        kind: 'notification',
        eventType: campaignEventTypeOf(kind),
        target: owner,
        occurrence: campaign.timesTold,
        body: campaignEvent({ id, kind, campaign, owner, counts, portalUrl }),
      };
    });
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

  private tellsPeople(): boolean {
    return this.senders.has('notification');
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

async function ownerOf(
  trx: Knex.Transaction,
  datasetRef: string,
): Promise<string | undefined> {
  const dataset = await trx('datasets')
    .where({ entity_ref: datasetRef })
    .first('owner');
  return dataset?.owner ?? undefined;
}
