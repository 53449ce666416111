import { inRounds, Removal, ROUND } from './inRounds';

/** Whether the dataset of a row of `dataset_followers` is not in the catalog. */
const IS_GONE =
  'NOT EXISTS (SELECT FROM datasets WHERE entity_ref = dataset_ref)';

/**
 * Forgets who follows a dataset that has left the catalog, and notes since when it has:
 * one that comes back in time has its followers again. Forgets followers who have left
 * it, too, which is noted when they are to be told.
 */
export const deleteFollowers: Removal = async ({ knex, before, signal }) => {
  await knex('dataset_followers')
    .whereNull('dataset_gone_at')
    .whereRaw(IS_GONE)
    .update({ dataset_gone_at: knex.fn.now() });
  await knex('dataset_followers')
    .whereNotNull('dataset_gone_at')
    .whereRaw(`NOT ${IS_GONE}`)
    .update({ dataset_gone_at: null });
  return inRounds(signal, () =>
    knex('dataset_followers')
      .whereIn(
        ['dataset_ref', 'follower_ref'],
        knex('dataset_followers')
          .whereRaw('least(dataset_gone_at, follower_gone_at) < ?', [before])
          .select('dataset_ref', 'follower_ref')
          .limit(ROUND)
          .forUpdate()
          .skipLocked(),
      )
      .delete(),
  );
};
