import { Knex } from 'knex';
import { isRolledBack } from '../database/operations/campaigns/isRolledBack';

/**
 * Leaves out what depends on a dataset that did not succeed, and what depends on
 * that in turn.
 *
 * @returns how many those are
 */
export async function skipBelowFailures(
  knex: Knex,
  campaignId: string,
): Promise<number> {
  const { rowCount } = await knex.raw(
    `WITH RECURSIVE below AS (
       SELECT d.dataset_ref, upstream.dataset_ref AS failed_ref
       FROM campaign_datasets AS upstream
       JOIN campaign_edges AS edge
         ON edge.campaign_id = upstream.campaign_id
         AND edge.upstream_ref = upstream.dataset_ref
       JOIN campaign_datasets AS d
         ON d.campaign_id = edge.campaign_id AND d.dataset_ref = edge.dataset_ref
       WHERE upstream.campaign_id = ? AND d.state = 'waiting'
         AND (upstream.state IN ('failed', 'cancelled')
           OR ${isRolledBack('upstream')})
       UNION
       SELECT d.dataset_ref, below.failed_ref
       FROM below
       JOIN campaign_edges AS edge
         ON edge.campaign_id = ? AND edge.upstream_ref = below.dataset_ref
       JOIN campaign_datasets AS d
         ON d.campaign_id = edge.campaign_id AND d.dataset_ref = edge.dataset_ref
       WHERE d.state = 'waiting'
     )
     UPDATE campaign_datasets AS d SET
       state = 'skipped',
       reason = 'It depends on ' || below.failed_ref || ', which did not succeed'
     FROM below
     WHERE d.campaign_id = ? AND d.dataset_ref = below.dataset_ref
       AND d.state = 'waiting'`,
    [campaignId, campaignId, campaignId],
  );
  return rowCount;
}
