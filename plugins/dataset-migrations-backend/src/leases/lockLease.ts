import { Knex } from 'knex';
import { LeaseToken } from './types';

/** Locks the rows that a lease still holds; see {@link selectLease}. */
export async function lockLease(
  trx: Knex.Transaction,
  lease: LeaseToken,
): Promise<void> {
  await selectLease(trx, lease);
}

/**
 * A query that locks the rows that a lease still holds, in the order in which
 * `acquireLease` takes them: an update of several takes them in any order, and
 * two of them could wait for each other.
 */
export function selectLease(
  knex: Knex,
  { locationKeys, token }: LeaseToken,
): Knex.QueryBuilder {
  // Sorted here, as a collation of the database may have another order.
  const keys = [...locationKeys].sort();
  return knex('leases')
    .whereIn('location_key', keys)
    .where({ token })
    .orderByRaw('array_position(?::text[], location_key)', [keys])
    .select('location_key')
    .forUpdate();
}
