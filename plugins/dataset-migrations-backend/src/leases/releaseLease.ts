import { Knex } from 'knex';
import { Lease } from './types';

/** Frees a location; the token stays, so that the next one is higher. */
export async function releaseLease(knex: Knex, lease: Lease): Promise<void> {
  await knex('leases')
    .where({ location_key: lease.locationKey, token: lease.token })
    .update({ migration_id: null, holder: null, expires_at: null });
}
