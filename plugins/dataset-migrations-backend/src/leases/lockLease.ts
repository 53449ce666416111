import { Knex } from 'knex';
import { LeaseToken } from './types';

/**
 * Locks the rows that a lease still holds, in the order in which
 * `acquireLease` takes them: an update of several takes them in any order, and
 * two of them could wait for each other.
 */
export async function lockLease(
  trx: Knex.Transaction,
  { locationKeys, token }: LeaseToken,
): Promise<void> {
  // Sorted here, as a collation of the database may have another order.
  const keys = [...locationKeys].sort();
  await trx('leases')
    .whereIn('location_key', keys)
    .where({ token })
    .orderByRaw('array_position(?::text[], location_key)', [keys])
    .select('location_key')
    .forUpdate();
}
