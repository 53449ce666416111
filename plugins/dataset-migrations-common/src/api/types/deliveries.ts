/** @public */
export interface Delivery {
  id: string;
  migrationId: string;
  datasetRef: string;
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
  nextAttemptAt?: string;
}

/** Filters of `GET /deliveries`. @public */
export interface ListDeliveriesRequest {
  migrationId?: string;
  consumerRef?: string;
  state?: Delivery['state'];
  cursor?: string;
  limit?: number;
}
