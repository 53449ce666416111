import { createHash } from 'node:crypto';

/**
 * A stream is what one receiver is told of one dataset, or of one campaign, or by
 * digests, in one way. It is told in order: a delivery waits until all before it in its stream have
 * ended, delivered or dead.
 */
export interface StreamMember {
  id: string;
  kind: string;
  consumerRef: string;
  /** What it is about: the dataset, the campaign, or whatever waits for somebody. */
  subject: string;
}

export interface MemberRow {
  id: string;
  kind: string;
  consumer_ref: string;
  dataset_ref: string | null;
  campaign_id: string | null;
}

/** What digests are about. */
const DIGEST = 'digest';

/** The columns of a {@link MemberRow}. */
export const MEMBER_COLUMNS = [
  'id',
  'kind',
  'consumer_ref',
  'dataset_ref',
  'campaign_id',
] as const;

export function toMember(row: MemberRow): StreamMember {
  return {
    id: row.id,
    kind: row.kind,
    consumerRef: row.consumer_ref,
    subject: subjectFrom({
      datasetRef: row.dataset_ref ?? undefined,
      campaignId: row.campaign_id ?? undefined,
    }),
  };
}

/** What a delivery is about, from what is known of it. */
export function subjectFrom(about: {
  datasetRef?: string;
  campaignId?: string;
}): string {
  return about.datasetRef ?? about.campaignId ?? DIGEST;
}

/** Deliveries that any receiver is given at a time, at most. */
export const MOST_AT_A_TIME = 20;

/**
 * Who is called: of callbacks the consumer, of the other ways the one service that
 * is behind each of them.
 */
export function receiverOf({
  kind,
  consumerRef,
}: Pick<StreamMember, 'kind' | 'consumerRef'>): string {
  return kind === 'webhook' ? `${kind}:${consumerRef}` : kind;
}

/**
 * Deliveries with the same key are made one at a time, over all processes. A stream
 * has one key, and a receiver as many as deliveries to it are made at a time, so that
 * one that hangs keeps so many slots and not all.
 */
export function receiverKey(member: StreamMember, atATime: number): string {
  const { consumerRef, subject } = member;
  const share = createHash('sha256')
    .update(`${consumerRef} ${subject}`)
    .digest()
    .readUInt32BE();
  return `${receiverOf(member)}#${share % atATime}`;
}

/** Whether a job with this key is one of those of the receiver. */
export function isKeyOf(member: StreamMember, key: string): boolean {
  return key.startsWith(`${receiverOf(member)}#`);
}

/** Every key that a receiver can have, whatever was configured when it got its jobs. */
export function keysOf(receiver: string): string[] {
  return Array.from(
    { length: MOST_AT_A_TIME },
    (_, share) => `${receiver}#${share}`,
  );
}

/** SQL for {@link receiverOf} of a row of `deliveries`. */
export function receiverIn(table: string): string {
  return `CASE ${table}.kind
    WHEN 'webhook' THEN ${table}.kind || ':' || ${table}.consumer_ref
    ELSE ${table}.kind END`;
}

/** What a delivery is about; the index of streams knows this very expression. */
export function subjectOf(table: string): string {
  return `coalesce(${table}.dataset_ref, ${table}.campaign_id::text, '${DIGEST}')`;
}

/** SQL for two rows of `deliveries` that are of one stream. */
export function sameStream(one: string, other: string): string {
  return `${one}.kind = ${other}.kind
    AND ${one}.consumer_ref = ${other}.consumer_ref
    AND ${subjectOf(one)} = ${subjectOf(other)}`;
}
