import { inRounds, Removal, ROUND } from './inRounds';

/**
 * Deletes campaigns that are over or were never started, with their logs; their migrations stay. A
 * campaign may have ten thousand datasets, so these go first.
 */
export const deleteCampaigns: Removal = async ({ knex, before, signal }) => {
  const due = () =>
    knex('campaigns')
      .whereRaw('coalesce(finished_at, created_at) < ?', [before])
      .whereIn('state', ['finished', 'cancelled', 'failed', 'planned'])
      .select('id')
      .limit(ROUND);
  await inRounds(signal, () =>
    knex('campaign_datasets')
      .whereIn(
        ['campaign_id', 'dataset_ref'],
        knex('campaign_datasets')
          .whereIn('campaign_id', due())
          .select('campaign_id', 'dataset_ref')
          .limit(ROUND),
      )
      .delete(),
  );
  await inRounds(signal, () =>
    knex('migrations')
      .whereIn(
        'id',
        knex('migrations')
          .whereIn('campaign_id', due())
          .select('id')
          .limit(ROUND),
      )
      .update({ campaign_id: null }),
  );
  return knex('campaigns').whereIn('id', due()).delete();
};
