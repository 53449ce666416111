import { Knex } from 'knex';
import { lockLease } from './lockLease';
import { Lease, LEASE_SECONDS } from './types';

/** @returns false when the lease, or a part of it, has passed to somebody else */
export async function renewLease(knex: Knex, lease: Lease): Promise<boolean> {
  const { locationKeys, token } = lease;
  const renewedAt = performance.now();
  const holds = await knex.transaction(async trx => {
    await lockLease(trx, lease);
    const renewed = await trx('leases')
      .whereIn('location_key', locationKeys)
      .where({ token })
      .update({
        expires_at: trx.raw('now() + make_interval(secs => ?)', [
          LEASE_SECONDS,
        ]),
      });
    return renewed === locationKeys.length;
  });
  if (holds) {
    lease.renewedAt = renewedAt;
  }
  return holds;
}
