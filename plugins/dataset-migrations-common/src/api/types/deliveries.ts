/** A notification of a migration, of how a campaign went, or a digest. @public */
export interface Delivery {
  id: string;
  /** The migration that it tells of; absent where it tells of a campaign or is a digest. */
  migrationId?: string;
  /** The dataset of that migration. */
  datasetRef?: string;
  /**
   * The campaign that it tells an owner of: how it went for the owner's datasets, and
   * for those that the owner's consumers read. Absent where it tells of a migration, also
   * of one of a campaign, and of a digest.
   */
  campaignId?: string;
  /** Whom it is for: a consumer, an owner, or the dataset where it is for all. */
  consumerRef: string;
  /** `webhook`, `notification`, `event`, or the id of a notifier. */
  kind: string;
  /** CloudEvents type. */
  eventType: string;
  /** Scheme, host and path; no query, no credentials. */
  target: string;
  state: 'pending' | 'delivered' | 'dead';
  attempts: number;
  lastError?: string;
  lastStatus?: number;
  createdAt: string;
  deliveredAt?: string;
  /**
   * When it is tried again; absent for a pending one that was not tried yet, as it
   * waits for a worker or for what is told before it.
   */
  nextAttemptAt?: string;
}

/** Filters of `GET /deliveries`. @public */
export interface ListDeliveriesRequest {
  migrationId?: string;
  /** Those that tell of the campaign itself, and not of its migrations. */
  campaignId?: string;
  consumerRef?: string;
  state?: Delivery['state'];
  cursor?: string;
  limit?: number;
}
