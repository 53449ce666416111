import {
  Consumer,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';

export type AnnouncementKind =
  | 'blocked'
  | 'succeeded'
  | 'failed'
  | 'rolled-back'
  | 'retired';

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
    migration: Migration,
    consumers: Consumer[],
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
