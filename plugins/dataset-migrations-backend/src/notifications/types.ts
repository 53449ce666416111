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
  announce(
    trx: Knex.Transaction,
    kind: AnnouncementKind,
    migration: Migration,
    consumers: Consumer[],
  ): Promise<void>;
  /** Runs one delivery job. Throws to be retried with backoff. */
  deliver(deliveryId: string, signal: AbortSignal): Promise<void>;
  /** Marks a delivery dead after its last retry. */
  markDead(deliveryId: string, error: string): Promise<void>;
}
