import { Knex } from 'knex';
import { selectLease } from './lockLease';
import { LeaseToken } from './types';

/**
 * Frees the locations; the token stays, so that the next one is higher. One
 * statement, as every migration ends with it.
 */
export async function releaseLease(
  knex: Knex,
  lease: LeaseToken,
): Promise<void> {
  await knex
    .with('locked', selectLease(knex, lease))
    .table('leases')
    .whereIn('location_key', knex('locked').select('location_key'))
    .where({ token: lease.token })
    .update({ migration_id: null, holder: null, expires_at: null });
}
