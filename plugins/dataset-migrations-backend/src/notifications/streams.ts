import { createHash } from 'node:crypto';

/**
 * A stream is what one receiver is told of one dataset, or of one campaign, in one
 * way. It is told in order: a delivery waits until all before it in its stream have
 * ended, delivered or dead.
 */
export interface StreamMember {
  id: string;
  kind: string;
  consumerRef: string;
}

export interface MemberRow {
  id: string;
  kind: string;
  consumer_ref: string;
}

export function toMember({ id, kind, consumer_ref }: MemberRow): StreamMember {
  return { id, kind, consumerRef: consumer_ref };
}

/** Of a way that has one receiver for everything, so many are made at a time. */
const AT_A_TIME = 8;

/**
 * Deliveries with the same key are made one at a time, over all processes, so that
 * a receiver that hangs keeps one slot of them and not all. For callbacks that is
 * the consumer. Behind the other ways is one service each, which would be slow for
 * thousands of datasets with a single slot, and which takes no more than some.
 */
export function receiverKey({ kind, consumerRef }: StreamMember): string {
  const share = createHash('sha256').update(consumerRef).digest()[0];
  return kind === 'webhook'
    ? `${kind}:${consumerRef}`
    : `${kind}:${share % AT_A_TIME}`;
}

/** What a delivery is about; the index of streams knows this very expression. */
export function subjectOf(table: string): string {
  return `coalesce(${table}.dataset_ref, ${table}.campaign_id::text)`;
}

/** SQL for two rows of `deliveries` that are of one stream. */
export function sameStream(one: string, other: string): string {
  return `${one}.kind = ${other}.kind
    AND ${one}.consumer_ref = ${other}.consumer_ref
    AND ${subjectOf(one)} = ${subjectOf(other)}`;
}
