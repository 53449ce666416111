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
import { listStalled } from './listStalled';
import { occurrenceOf, receiversOf, tellsOwner } from './receivers';
import { Sender, UndeliverableError } from './senders';
import { sendInTime } from './sendInTime';
import { receiverKey, StreamMember } from './streams';
import { AnnouncementKind, CampaignAnnouncementKind, Outbox } from './types';

const MAX_ERROR_LENGTH = 500;

/**
 * A job goes on with what follows in its stream for so long; another one does the
 * rest, so that the other streams of its receiver have their turn.
 */
const SLICE_MS = 10_000;

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
      announcement: kind,
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
          occurrence: occurrenceOf(kind, migration),
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
    const { deliveries, knex } = this.options;
    const until = performance.now() + SLICE_MS;
    let head = await deliveries.headOf(deliveryId);
    // One that is not due has a job of its own.
    while (head?.due) {
      if (!(await this.attempt(head, signal))) {
        return;
      }
      const next = await deliveries.headOf(deliveryId);
      if (next && performance.now() > until) {
        await knex.transaction(trx => this.enqueue(trx, [next]));
        return;
      }
      head = next;
    }
  }

  async markDead(deliveryId: string, error: string): Promise<void> {
    const { deliveries, knex, telemetry } = this.options;
    const head = await deliveries.headOf(deliveryId);
    if (!head?.due) {
      return;
    }
    await knex.transaction(async trx => {
      await deliveries.markFailed(trx, head.id, {
        error: error.slice(0, MAX_ERROR_LENGTH),
      });
      // For what waits behind it.
      await this.enqueue(trx, [head]);
    });
    telemetry.deliveryEnded(head.kind, 'dead');
  }

  async resumeStalled(): Promise<void> {
    const { knex, queue, logger } = this.options;
    const stalled = await listStalled(knex, queue);
    if (stalled.length > 0) {
      await knex.transaction(trx => this.enqueue(trx, stalled));
      logger.warn(
        `${stalled.length} deliveries were due and had no job; they have one again`,
      );
    }
  }

  /**
   * Sends a delivery again from its first attempt, whatever became of it.
   * @throws NotFoundError
   */
  async redeliver(deliveryId: string): Promise<void> {
    await this.options.knex.transaction(async trx => {
      const member = await this.options.deliveries.reset(trx, deliveryId);
      await this.enqueue(trx, [member]);
    });
  }

  /**
   * Makes one attempt.
   *
   * @returns whether the delivery has ended, well or badly
   * @throws the signal's reason when it is aborted
   */
  private async attempt(
    delivery: DeliveryRecord,
    signal: AbortSignal,
  ): Promise<boolean> {
    const { deliveries, telemetry } = this.options;
    try {
      const sender = this.senders.get(delivery.kind);
      if (!sender) {
        throw new UndeliverableError(
          `No notifier '${delivery.kind}' is installed any more`,
        );
      }
      const sent = await sendInTime(sender, delivery, signal);
      await deliveries.markDelivered(delivery.id, sent?.status);
      telemetry.deliveryEnded(delivery.kind, 'delivered');
      return true;
    } catch (error) {
      // Interrupted, not failed: the job goes back as it was.
      signal.throwIfAborted();
      assertError(error);
      return this.failed(delivery, error);
    }
  }

  private tellsPeople(): boolean {
    return this.senders.has('notification');
  }

  /** @returns whether that was the last attempt */
  private async failed(
    delivery: DeliveryRecord,
    error: Error & { status?: number; retryAfterSeconds?: number },
  ): Promise<boolean> {
    const { knex, deliveries, backoff, telemetry, logger } = this.options;
    const nextInSeconds =
      error instanceof UndeliverableError
        ? undefined
        : nextAttemptIn(backoff, {
            failed: delivery.attempts + 1,
            atLeastSeconds: error.retryAfterSeconds,
          });
    await knex.transaction(async trx => {
      await deliveries.markFailed(trx, delivery.id, {
        error: error.message.slice(0, MAX_ERROR_LENGTH),
        status: error.status,
        nextInSeconds,
      });
      if (nextInSeconds !== undefined) {
        await this.enqueue(trx, [delivery], nextInSeconds);
      }
    });
    const outcome = nextInSeconds === undefined ? 'dead' : 'failed';
    telemetry.deliveryEnded(delivery.kind, outcome);
    logger.warn(
      `Delivery ${delivery.id} (${delivery.kind}) to ${delivery.target} is ${outcome}: ${error.message}`,
    );
    return nextInSeconds === undefined;
  }

  private async enqueue(
    trx: Knex.Transaction,
    members: StreamMember[],
    startAfterSeconds?: number,
  ): Promise<void> {
    await this.options.queue.enqueueAll(
      trx,
      members.map(member => ({
        payload: { task: 'deliver', deliveryId: member.id },
        key: receiverKey(member),
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
