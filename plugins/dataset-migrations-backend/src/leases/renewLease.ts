import { Knex } from 'knex';
import { Lease, LEASE_SECONDS } from './types';

/** @returns false when the lease has passed to somebody else */
export async function renewLease(knex: Knex, lease: Lease): Promise<boolean> {
  const renewed = await knex('leases')
    .where({ location_key: lease.locationKey, token: lease.token })
    .update({
      expires_at: knex.raw('now() + make_interval(secs => ?)', [LEASE_SECONDS]),
    });
  return renewed === 1;
}
