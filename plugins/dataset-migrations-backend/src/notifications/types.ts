import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { CampaignRecord } from '../campaigns/types';
import { MigrationRecord } from '../database/MigrationRecord';
import { JobContext } from '../queue/types';

/**
 * What is told of a migration: `announced` once, when it was started and its
 * consumers are judged; `overridden` when somebody decided to break some, to these
 * alone; `change-accepted` when somebody accepted a change that concerns them, to these
 * alone; `dates-set` when somebody said until when consumers are asked, or before when
 * its old version does not go; `more-time` when the owner of a consumer asks for it;
 * `reminder` when the deadline comes near, to those alone that are not ready by then;
 * `starting` when nothing stands in its way and the work on the data begins;
 * `retiring` when its old version is to go, which somebody may still be in the way
 * of. The others tell how it went.
 */
export const announcementKinds = [
  'announced',
  'blocked',
  'overridden',
  'change-accepted',
  'dates-set',
  'more-time',
  'reminder',
  'starting',
  'succeeded',
  'failed',
  'cancelled',
  'rolled-back',
  'retiring',
  'retired',
] as const;

export type AnnouncementKind = (typeof announcementKinds)[number];

/** What tells how a migration goes on, for systems that prepare for it. */
export const progressKinds: readonly AnnouncementKind[] = [
  'announced',
  'starting',
  'cancelled',
  'retiring',
];

/**
 * What people say of a migration, or the clock, at any time: not told apart by its jobs,
 * as the others are.
 */
export const saidKinds: readonly AnnouncementKind[] = [
  'change-accepted',
  'dates-set',
  'more-time',
  'reminder',
];

/**
 * Whether callbacks are made for it to receivers that did not ask for more: of what the
 * first release told, and to those whom an override breaks, or whom a change concerns
 * that somebody accepted.
 */
export function isHeardByDefault(kind: AnnouncementKind): boolean {
  return (
    kind === 'change-accepted' ||
    (!progressKinds.includes(kind) && !saidKinds.includes(kind))
  );
}

/**
 * What those are told who follow a dataset: what changes for readers, when, and what
 * went wrong with it; nothing that only concerns who is asked for something.
 */
export const followedKinds: readonly AnnouncementKind[] = [
  'blocked',
  'dates-set',
  'succeeded',
  'failed',
  'rolled-back',
  'retired',
];

/**
 * Told again to those who come to stand in the way while others do already: between two
 * jobs, as often as somebody comes.
 */
export type LatecomerKind = 'blocked' | 'retiring';

/** The owner of a consumer asks the owner of the dataset for more time. */
export interface TimeRequest {
  consumerRef: string;
  until: Date;
  reason: string;
}

/** `waiting`: for consumers alone; nothing else of it can go on. */
export type CampaignAnnouncementKind = 'finished' | 'cancelled' | 'waiting';

/** A migration that waits for consumers of one owner. */
export interface AwaitingMigration
  extends Pick<MigrationRecord, 'datasetRef' | 'toVersion' | 'deadline'> {
  migrationId: string;
  /** Entity refs. */
  consumers: string[];
}

/** What of a job the deliveries need that it makes. */
export type DeliveryJob = Pick<
  JobContext,
  'jobId' | 'key' | 'signal' | 'complete'
>;

/**
 * Everything that is told goes through here: written in the transaction of what
 * it tells, delivered later by jobs, never in the way of a migration (G7).
 */
export interface Outbox {
  /**
   * Writes one delivery for each receiver and sees to the job that makes it.
   * Announcing the same kind twice for one `sequence` of the migration writes
   * nothing new, nor does telling a receiver twice that it was `announced`. What
   * people or the clock say (`saidKinds`) counts by `timesTold` instead, and what
   * is told to latecomers too by both.
   */
  announce(
    trx: Knex.Transaction,
    kind: AnnouncementKind,
    migration: MigrationRecord,
    consumers: Consumer[],
  ): Promise<void>;
  /**
   * Tells consumers, and their owners, what those know who stood in the way before
   * them; not the owner of the dataset, nor who follows it.
   */
  announceToLatecomers(
    trx: Knex.Transaction,
    kind: LatecomerKind,
    migration: MigrationRecord,
    consumers: Consumer[],
  ): Promise<void>;
  /** Tells the owner of the dataset, but no consumer, who asks for more time. */
  announceTimeRequest(
    trx: Knex.Transaction,
    migration: MigrationRecord,
    request: TimeRequest,
  ): Promise<void>;
  /**
   * Tells each owner of datasets in a campaign how it went for theirs, and owners of
   * consumers what changed that these read. Announcing the same kind twice before it
   * ends once more writes nothing new.
   */
  announceCampaign(
    trx: Knex.Transaction,
    kind: CampaignAnnouncementKind,
    campaign: CampaignRecord,
  ): Promise<void>;
  /**
   * Tells each owner of consumers at once what waits for them; see `tellDigests`.
   *
   * @param digestId - of a row of `digests`
   */
  announceDigest(
    trx: Knex.Transaction,
    digestId: string,
    byOwner: ReadonlyMap<string, AwaitingMigration[]>,
  ): Promise<void>;
  /**
   * Runs a job: makes what is due of the stream of a delivery, in order, until one
   * of them has to be tried again, or its receiver is left alone. That is followed
   * by a job of its own, so this throws only when the database does.
   */
  deliver(deliveryId: string, job: DeliveryJob): Promise<void>;
  /**
   * Marks the delivery dead that the job of a stream was at when the queue gave it
   * up (crashed workers).
   */
  markDead(deliveryId: string, error: string): Promise<void>;
  /** Gives a job to what is due and has none. */
  resumeStalled(): Promise<void>;
  /** Returns when what this process makes without a job has ended, or has got one. */
  stop(): Promise<void>;
}
