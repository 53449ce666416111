import { Knex } from 'knex';
import { DeliveryRecord, NewDelivery, toRecord } from './DeliveryStore';
import {
  receiverIn,
  receiverOf,
  sameStream,
  StreamMember,
  subjectFrom,
  toMember,
} from './streams';

/**
 * Until what is held by a call is looked at again, for as long as the call is under
 * way: most calls take less than they may.
 */
const UNDER_WAY_AGAIN_SECONDS = 2;

/** The first delivery of a stream that is still to be made. */
export type StreamHead = DeliveryRecord &
  StreamMember & {
    /**
     * Whether it is its time: of one that was not tried yet it is, and of one that
     * is due within a second, as a job may come a little early.
     */
    due: boolean;
    /**
     * How long it is left alone as another job is at it, or its receiver rests or is
     * called to see whether it answers again.
     */
    heldSeconds: number;
    /** Whether the receiver did not answer when it was called last. */
    resting: boolean;
    /** For how long it has been due while its receiver did not answer. */
    vainSeconds: number;
  };

/** One that has just been written, as the first of its stream. */
export function newHead(delivery: NewDelivery): StreamHead {
  return {
    ...delivery,
    subject: subjectFrom(delivery),
    state: 'pending',
    attempts: 0,
    redeliveries: 0,
    createdAt: new Date().toISOString(),
    due: true,
    heldSeconds: 0,
    resting: false,
    vainSeconds: 0,
  };
}

/**
 * The head of the stream that a delivery is in.
 *
 * @param member.jobId - the job that asks: what it had claimed before its worker died
 *   does not hold the head
 */
export async function headOf(
  knex: Knex,
  member: { id: string; jobId?: string },
): Promise<StreamHead | undefined> {
  const { rows } = await knex.raw(
    `SELECT head.*,
       coalesce(head.next_attempt_at <= now() + interval '1 second', true) AS due,
       extract(epoch FROM greatest(
         resting.retry_not_before,
         least(
           coalesce(
             greatest(
               CASE WHEN head.claimed_by IS DISTINCT FROM ?::text
                 THEN head.claimed_until END,
               resting.probed_until
             ),
             now()
           ),
           now() + make_interval(secs => ?)
         )
       ) - now())::float8 AS held_seconds,
       resting.receiver IS NOT NULL AS resting,
       CASE WHEN resting.receiver IS NULL THEN 0
         ELSE extract(epoch FROM now() - greatest(
           resting.unreachable_since,
           coalesce(head.next_attempt_at, head.created_at)
         )) END::float8 AS vain_seconds
     FROM deliveries AS member
     JOIN deliveries AS head ON ${sameStream('head', 'member')}
       AND head.state = 'pending'
     LEFT JOIN delivery_receivers AS resting
       ON resting.receiver = ${receiverIn('head')}
     WHERE member.id = ?
     ORDER BY head.position NULLS FIRST
     LIMIT 1`,
    [member.jobId ?? null, UNDER_WAY_AGAIN_SECONDS, member.id],
  );
  const [row] = rows;
  return (
    row && {
      ...toRecord(row),
      subject: toMember(row).subject,
      due: row.due,
      heldSeconds: row.held_seconds,
      resting: row.resting,
      vainSeconds: row.vain_seconds,
    }
  );
}

/**
 * Claims a head for a job, for as long as a call may take. Of a receiver that rests
 * one job alone gets one, once the rest is over, to see whether it answers again.
 *
 * @returns whether the job has it
 */
export async function claimHead(
  knex: Knex,
  head: Pick<StreamHead, 'id' | 'kind' | 'consumerRef'>,
  claim: { jobId: string; seconds: number },
): Promise<boolean> {
  const receiver = receiverOf(head);
  const { rowCount } = await knex.raw(
    `WITH probed AS (
       UPDATE delivery_receivers
       SET probed_until = now() + make_interval(secs => ?)
       WHERE receiver = ? AND retry_not_before <= now()
         AND coalesce(probed_until <= now(), true)
       RETURNING receiver
     )
     UPDATE deliveries
     SET claimed_by = ?, claimed_until = now() + make_interval(secs => ?)
     WHERE id = ? AND state = 'pending'
       AND (claimed_by = ? OR coalesce(claimed_until <= now(), true))
       AND (
         EXISTS (SELECT FROM probed)
         OR NOT EXISTS (SELECT FROM delivery_receivers WHERE receiver = ?)
       )`,
    [
      claim.seconds,
      receiver,
      claim.jobId,
      claim.seconds,
      head.id,
      claim.jobId,
      receiver,
    ],
  );
  return rowCount === 1;
}

/** Gives a head back that was not called, unless it is somebody else's by now. */
export async function releaseHead(
  knex: Knex,
  claimed: { id: string; jobId: string },
): Promise<void> {
  await knex('deliveries')
    .where({ id: claimed.id, claimed_by: claimed.jobId })
    .update({ claimed_until: null });
}
