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
 * was lost, or a process of an earlier release ended the one before, which leaves
 * the next one to nobody.
 */
export async function listStalled(
  knex: Knex,
  queue: Pick<JobQueue, 'deliveriesWithJob'>,
): Promise<StreamMember[]> {
  const overdue = await listOverdue(knex);
  if (overdue.length === 0) {
    return [];
  }
  const { rows } = await knex.raw(
    `SELECT id FROM deliveries AS head
     WHERE id = any(?) AND NOT EXISTS (
       SELECT FROM deliveries AS member
       WHERE member.id = any(?) AND ${sameStream('member', 'head')}
     )`,
    [overdue.map(({ id }) => id), await queue.deliveriesWithJob()],
  );
  const stalled = new Set(rows.map((row: { id: string }) => row.id));
  return overdue.filter(({ id }) => stalled.has(id));
}

async function listOverdue(knex: Knex): Promise<StreamMember[]> {
  const subject = subjectOf('deliveries');
  const { rows } = await knex.raw(
    `SELECT id, kind, consumer_ref, dataset_ref, campaign_id FROM (
       SELECT DISTINCT ON (kind, consumer_ref, ${subject})
         id, kind, consumer_ref, dataset_ref, campaign_id,
         coalesce(next_attempt_at, created_at) AS due_at
       FROM deliveries
       WHERE state = 'pending'
       ORDER BY kind, consumer_ref, ${subject}, position NULLS FIRST
     ) AS heads
     WHERE due_at < now() - make_interval(secs => ?)`,
    [PATIENCE_SECONDS],
  );
  return rows.map((row: MemberRow) => toMember(row));
}
