import { Knex } from 'knex';
import { lockLineage } from './lockLineage';

/** What is older is cut off so much later, for not every row to be written each time. */
const CUT_OFF_MS = 30 * 86_400_000;

/**
 * Takes runs that named datasets, and told nothing since a moment, for such as will not
 * tell any more; forgets those that told.
 *
 * @param before - of the last event that was received of them
 */
export async function settleRuns(knex: Knex, before: Date): Promise<void> {
  const consumers: Array<{ consumer_ref: string }> = await knex('lineage_runs')
    .where('received_at', '<', before)
    .distinct('consumer_ref');
  for (const { consumer_ref: consumerRef } of consumers) {
    await knex.transaction(async trx => {
      await lockLineage(trx, consumerRef);
      await settleRunsOf(trx, consumerRef, before);
    });
  }
}

async function settleRunsOf(
  trx: Knex.Transaction,
  consumerRef: string,
  before: Date,
): Promise<void> {
  await trx.raw(
    `WITH settled AS (
       DELETE FROM lineage_runs
       WHERE consumer_ref = ? AND received_at < ?
       RETURNING consumer_ref, job, at, datasets, told
     ), untold AS (
       SELECT consumer_ref, job, dataset_ref, max(at) AS at
       FROM settled, unnest(datasets) AS dataset_ref
       WHERE NOT told
       GROUP BY consumer_ref, job, dataset_ref
     )
     UPDATE lineage_jobs AS jobs
     SET untold_at = greatest(jobs.untold_at, untold.at)
     FROM untold
     WHERE jobs.consumer_ref = untold.consumer_ref
       AND jobs.dataset_ref = untold.dataset_ref
       AND jobs.job = untold.job`,
    [consumerRef, before],
  );
}

/**
 * Removes what runs before a moment read and told. A job that still tells stays known
 * for the datasets that it named once, as its not naming them says something.
 */
export async function removeLineage(knex: Knex, before: Date): Promise<void> {
  await knex('field_last_reads').where('read_at', '<', before).delete();
  await knex('lineage_times').whereRaw('upper(heard) < ?', [before]).delete();
  await knex('lineage_times')
    .whereRaw('lower(heard) < ?', [new Date(before.getTime() - CUT_OFF_MS)])
    .update({
      heard: knex.raw('heard * tstzmultirange(tstzrange(?, NULL))', [before]),
    });
  await knex('lineage_jobs')
    .where('named_at', '<', before)
    .whereNotExists(
      knex('lineage_times')
        .whereRaw('lineage_times.consumer_ref = lineage_jobs.consumer_ref')
        .whereRaw('lineage_times.job = lineage_jobs.job'),
    )
    .delete();
}
