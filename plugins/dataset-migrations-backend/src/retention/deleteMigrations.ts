import { inRounds, Removal, ROUND } from './inRounds';
import { laterPublished, settledMigrations } from './settledMigrations';

/**
 * Deletes migrations with their stages, log and deliveries. The last one that
 * says which version of its dataset is published stays for ever: the read model
 * asks it when an entity comes back to the catalog. So does, for as long as that
 * takes, one of a campaign that is not over, and one of which somebody is still
 * to be told (G7).
 */
export const deleteMigrations: Removal = ({ knex, before, signal }) =>
  inRounds(signal, () =>
    knex('migrations')
      .whereIn(
        'id',
        settledMigrations(knex, before)
          .where(published =>
            published
              .whereNotIn('old.state', ['succeeded', 'rolled-back'])
              .orWhereExists(laterPublished(knex)),
          )
          .whereNotExists(
            knex('campaigns')
              .select(knex.raw('1'))
              .whereRaw('campaigns.id = old.campaign_id')
              .whereNotIn('campaigns.state', [
                'finished',
                'cancelled',
                'failed',
              ]),
          )
          .whereNotExists(
            knex('deliveries')
              .select(knex.raw('1'))
              .whereRaw('deliveries.migration_id = old.id')
              .where('deliveries.state', 'pending'),
          )
          .select('old.id')
          .limit(ROUND)
          .forUpdate('old')
          .skipLocked(),
      )
      .delete(),
  );
