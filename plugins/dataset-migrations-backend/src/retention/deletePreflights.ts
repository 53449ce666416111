import { inRounds, Removal, ROUND } from './inRounds';

/**
 * Deletes scans that are over.
 */
export const deletePreflights: Removal = ({ knex, before, signal }) =>
  inRounds(signal, () =>
    knex('preflights')
      .whereIn(
        'id',
        knex('preflights')
          .where('finished_at', '<', before)
          .whereIn('state', ['done', 'failed'])
          .select('id')
          .limit(ROUND),
      )
      .delete(),
  );
