import { Consumer } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { CampaignRecord } from '../campaigns/types';
import { MigrationRecord } from '../database/MigrationRecord';

export type AnnouncementKind =
  | 'blocked'
  | 'overridden'
  | 'succeeded'
  | 'failed'
  | 'rolled-back'
  | 'retired';

/** `waiting`: for consumers alone; nothing else of it can go on. */
export type CampaignAnnouncementKind = 'finished' | 'cancelled' | 'waiting';

/**
 * Everything that is told goes through here: written in the transaction of what
 * it tells, delivered later by jobs, never in the way of a migration (G7).
 */
export interface Outbox {
  /**
   * Writes one delivery for each receiver and the job that makes it. Announcing
   * the same kind twice for one `sequence` of the migration writes nothing new.
   */
  announce(
    trx: Knex.Transaction,
    kind: AnnouncementKind,
    migration: MigrationRecord,
    consumers: Consumer[],
  ): Promise<void>;
  /**
   * Tells each owner of datasets in a campaign how it went for theirs. Announcing
   * the same kind twice before it ends once more writes nothing new.
   */
  announceCampaign(
    trx: Knex.Transaction,
    kind: CampaignAnnouncementKind,
    campaign: CampaignRecord,
  ): Promise<void>;
  /**
   * Runs one delivery job. A failed attempt is written down and followed by a
   * job of its own after the backoff, so this throws only when the database
   * does.
   */
  deliver(deliveryId: string, signal: AbortSignal): Promise<void>;
  /** Marks a delivery dead whose job the queue gave up (crashed workers). */
  markDead(deliveryId: string, error: string): Promise<void>;
}
