import { inRounds, Removal, ROUND } from './inRounds';

/**
 * Deletes campaigns that are over or were never started, with their logs; their
 * migrations stay, and so does one of which an owner is still to be told (G7). A
 * campaign may have ten thousand datasets, so these go first.
 */
export const deleteCampaigns: Removal = async ({ knex, before, signal }) => {
  const due = () =>
    knex('campaigns')
      .whereRaw('coalesce(finished_at, created_at) < ?', [before])
      .whereIn('state', ['finished', 'cancelled', 'failed', 'planned'])
      .whereNotExists(
        knex('deliveries')
          .select(knex.raw('1'))
          .whereRaw('deliveries.campaign_id = campaigns.id')
          .where('deliveries.state', 'pending'),
      )
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
