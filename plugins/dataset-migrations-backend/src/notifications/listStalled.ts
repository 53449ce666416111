import { Knex } from 'knex';
import { JobQueue } from '../queue/types';
import {
  MemberRow,
  sameStream,
  StreamMember,
  subjectOf,
  toMember,
} from './streams';

/** So long a job may take to be picked up, or to be written after its delivery. */
const PATIENCE_SECONDS = 60;

/**
 * The first deliveries of streams that are due and for which there is no job. It
 * was lost, or the process died that made the delivery without one, or a process of an earlier release ended the one before, which leaves
 * the next one to nobody. A job of such a release is for its delivery alone, and may
 * wait for hours.
 */
export async function listStalled(
  knex: Knex,
  queue: Pick<JobQueue, 'deliveryJobs'>,
): Promise<StreamMember[]> {
  const subject = subjectOf('deliveries');
  const { rows } = await knex.raw(
    `SELECT id, kind, consumer_ref, dataset_ref, campaign_id FROM (
       SELECT DISTINCT ON (kind, consumer_ref, ${subject})
         id, kind, consumer_ref, dataset_ref, campaign_id,
         coalesce(next_attempt_at, created_at) AS due_at
       FROM deliveries
       WHERE state = 'pending'
       ORDER BY kind, consumer_ref, ${subject}, position NULLS FIRST
     ) AS head
     WHERE due_at < now() - make_interval(secs => ?)
       AND NOT EXISTS (
         SELECT FROM deliveries AS member
         JOIN ? AS job ON job.delivery_id = member.id::text
         WHERE ${sameStream('member', 'head')}
           AND (job.key NOT LIKE 'delivery:%' OR member.id = head.id)
       )`,
    [PATIENCE_SECONDS, queue.deliveryJobs()],
  );
  return rows.map((row: MemberRow) => toMember(row));
}
