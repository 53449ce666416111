import { randomUUID } from 'node:crypto';
import { LoggerService } from '@backstage/backend-plugin-api';
import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { CampaignRecord } from '../campaigns/types';
import { MigrationRecord } from '../database/MigrationRecord';
import { countByOwner } from '../database/operations/campaigns/countCampaignDatasets';
import { countByReader } from '../database/operations/campaigns/countByReader';
import { storable } from '../datasets/storableJson';
import { JobQueue } from '../queue/types';
import { announcementEvent, eventTypeOf } from './announcements';
import { campaignEvent, campaignEventTypeOf } from './campaignAnnouncements';
import { DeliveryJobs } from './DeliveryJobs';
import { DeliveryRunner } from './DeliveryRunner';
import { DeliveryStore, NewDelivery } from './DeliveryStore';
import { DirectDeliveries } from './DirectDeliveries';
import { digestEvent, DIGEST_EVENT_TYPE } from './digestAnnouncements';
import { listStalled } from './listStalled';
import { peopleToTell } from './peopleToTell';
import { occurrenceOf, receiversOf } from './receivers';
import { cutRestShort } from './restingReceivers';
import { receiverOf } from './streams';
import { touchedOf } from './touched';
import {
  AnnouncementKind,
  AwaitingMigration,
  CampaignAnnouncementKind,
  DeliveryJob,
  LatecomerKind,
  Outbox,
  TimeRequest,
} from './types';

/**
 * The outbox in the plugin's database. An announcement is written and its jobs
 * are enqueued in the transaction of what it tells, so it is made exactly if
 * that happened. What needs no job is made when that has committed.
 */
export class DatabaseOutbox implements Outbox {
  constructor(
    private readonly options: {
      knex: Knex;
      queue: JobQueue;
      deliveries: DeliveryStore;
      jobs: DeliveryJobs;
      runner: DeliveryRunner;
      direct: DirectDeliveries;
      /** The ways to deliver that are installed. */
      kinds: string[];
      /** Whether callbacks to an address are made for an announcement. */
      hears: (address: string, kind: AnnouncementKind) => boolean;
      logger: LoggerService;
      /** Where the portal is, for links. */
      portalUrl?: string;
    },
  ) {}

  async announce(
    trx: Knex.Transaction,
    kind: AnnouncementKind,
    migration: MigrationRecord,
    consumers: Consumer[],
  ): Promise<void> {
    await this.tell(trx, { kind, migration, consumers });
  }

  async announceToLatecomers(
    trx: Knex.Transaction,
    kind: LatecomerKind,
    migration: MigrationRecord,
    consumers: Consumer[],
  ): Promise<void> {
    await this.tell(trx, { kind, migration, consumers, isKnown: true });
  }

  async announceTimeRequest(
    trx: Knex.Transaction,
    migration: MigrationRecord,
    request: TimeRequest,
  ): Promise<void> {
    await this.tell(trx, {
      kind: 'more-time',
      migration,
      consumers: [],
      request,
    });
  }

  async announceCampaign(
    trx: Knex.Transaction,
    kind: CampaignAnnouncementKind,
    campaign: CampaignRecord,
  ): Promise<void> {
    if (!this.tellsPeople()) {
      return;
    }
    const { portalUrl } = this.options;
    const counts = await countByOwner(trx, campaign.id);
    const read = await countByReader(trx, campaign.id);
    // Who only reads is told again only of what is new.
    const readers = [...read.keys()].filter(owner => read.get(owner)!.isNews);
    const owners = new Set([...counts.keys(), ...readers]);
    const written = [...owners].map((owner): NewDelivery => {
      const id = randomUUID();
      return {
        id,
        campaignId: campaign.id,
        consumerRef: owner,
        kind: 'notification',
        eventType: campaignEventTypeOf(kind),
        target: owner,
        occurrence: campaign.timesTold,
        body: campaignEvent({
          id,
          kind,
          campaign,
          owner,
          counts: counts.get(owner),
          changed: read.get(owner)?.changed ?? 0,
          portalUrl,
        }),
      };
    });
    await this.write(trx, written);
  }

  async announceDigest(
    trx: Knex.Transaction,
    digestId: string,
    byOwner: ReadonlyMap<string, AwaitingMigration[]>,
  ): Promise<void> {
    if (!this.tellsPeople()) {
      return;
    }
    const { portalUrl } = this.options;
    const written = [...byOwner].map(([owner, awaiting]): NewDelivery => {
      const id = randomUUID();
      return {
        id,
        digestId,
        consumerRef: owner,
        kind: 'notification',
        eventType: DIGEST_EVENT_TYPE,
        target: owner,
        occurrence: 0,
        body: digestEvent({ id, owner, awaiting, portalUrl }),
      };
    });
    await this.write(trx, written);
  }

  deliver(deliveryId: string, job: DeliveryJob): Promise<void> {
    return this.options.runner.deliver(deliveryId, job);
  }

  markDead(deliveryId: string, error: string): Promise<void> {
    return this.options.runner.markDead(deliveryId, error);
  }

  async resumeStalled(): Promise<void> {
    const { knex, queue, jobs, logger } = this.options;
    const stalled = await listStalled(knex, queue);
    if (stalled.length > 0) {
      await knex.transaction(trx => jobs.enqueue(trx, stalled));
      logger.warn(
        `${stalled.length} deliveries were due and had no job; they have one again`,
      );
    }
  }

  stop(): Promise<void> {
    return this.options.direct.stop();
  }

  /**
   * Sends a delivery again from its first attempt, whatever became of it.
   * @throws NotFoundError
   */
  async redeliver(deliveryId: string): Promise<void> {
    const { knex, deliveries, jobs } = this.options;
    const receiver = receiverOf(await deliveries.get(deliveryId));
    await knex.transaction(async trx => {
      await cutRestShort(trx, receiver);
      const member = await deliveries.reset(trx, deliveryId);
      await jobs.enqueue(trx, [member]);
    });
  }

  private async tell(
    trx: Knex.Transaction,
    news: {
      kind: AnnouncementKind;
      migration: MigrationRecord;
      consumers: Consumer[];
      request?: TimeRequest;
      /** To all but the consumers and their owners. */
      isKnown?: boolean;
    },
  ): Promise<void> {
    const { kind, migration, consumers, request, isKnown } = news;
    const { kinds, hears, portalUrl } = this.options;
    const receivers = receiversOf({
      kinds,
      announcement: kind,
      datasetRef: migration.datasetRef,
      ...(this.tellsPeople() &&
        !isKnown &&
        (await peopleToTell(trx, kind, migration))),
      consumers,
      touched: touchedOf(kind, migration, consumers),
      hears: address => hears(address, kind),
    });
    const written = receivers.map(
      ({ kind: by, ref, target, consumer, touched }): NewDelivery => {
        const id = randomUUID();
        return {
          id,
          migrationId: migration.id,
          datasetRef: migration.datasetRef,
          consumerRef: ref,
          kind: by,
          eventType: eventTypeOf(kind),
          target,
          occurrence: occurrenceOf(kind, migration, isKnown),
          body: announcementEvent({
            id,
            kind,
            migration,
            consumer,
            touched,
            request,
            portalUrl,
          }),
        };
      },
    );
    await this.write(trx, written);
  }

  /** Writes deliveries, and sees to it that they are made. */
  private async write(
    trx: Knex.Transaction,
    written: NewDelivery[],
  ): Promise<void> {
    const { direct, jobs } = this.options;
    const others = await direct.insert(
      trx,
      // Each attempt sends what is kept.
      written.map(one => ({ ...one, body: storable(one.body) })),
    );
    await jobs.enqueue(trx, others);
  }

  private tellsPeople(): boolean {
    return this.options.kinds.includes('notification');
  }
}
