import { Knex } from 'knex';
import { lockLease } from './lockLease';
import { LeaseToken } from './types';

/** Frees the locations; the token stays, so that the next one is higher. */
export async function releaseLease(
  knex: Knex,
  lease: LeaseToken,
): Promise<void> {
  await knex.transaction(async trx => {
    await lockLease(trx, lease);
    await trx('leases')
      .whereIn('location_key', lease.locationKeys)
      .where({ token: lease.token })
      .update({ migration_id: null, holder: null, expires_at: null });
  });
}
