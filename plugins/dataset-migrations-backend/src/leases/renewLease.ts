import { Knex } from 'knex';
import { changeLease } from './changeLease';
import { Lease, LEASE_SECONDS } from './types';

/** @returns false when the lease, or a part of it, has passed to somebody else */
export async function renewLease(knex: Knex, lease: Lease): Promise<boolean> {
  const renewedAt = performance.now();
  const renewed = await changeLease(
    knex,
    lease,
    'expires_at = now() + make_interval(secs => ?)',
    [LEASE_SECONDS],
  );
  const holds = renewed === lease.locationKeys.length;
  if (holds) {
    lease.renewedAt = renewedAt;
  }
  return holds;
}
