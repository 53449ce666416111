import { inRounds, Removal, ROUND } from './inRounds';

/**
 * Deletes notifications that were delivered or are dead; one that is still to be
 * delivered stays, however old it is (G7).
 */
export const deleteDeliveries: Removal = ({ knex, before, signal }) =>
  inRounds(signal, () =>
    knex('deliveries')
      .whereIn(
        'id',
        knex('deliveries')
          .where('created_at', '<', before)
          .whereIn('state', ['delivered', 'dead'])
          .select('id')
          .limit(ROUND)
          .forUpdate()
          .skipLocked(),
      )
      .delete(),
  );
