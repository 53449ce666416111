import { Knex } from 'knex';
import { LeaseToken } from './types';

/**
 * Changes the rows that a lease still holds, in the order in which `acquireLease`
 * takes them: an update by itself takes several in any order, and two of them could
 * wait for each other.
 *
 * @param set - what follows SET, with `?` for each of `values`
 * @returns how many rows that was
 */
export async function changeLease(
  knex: Knex,
  { locationKeys, token }: LeaseToken,
  set: string,
  values: Knex.Value[] = [],
): Promise<number> {
  // Sorted here, as a collation of the database may have another order.
  const keys = [...locationKeys].sort();
  const { rowCount } = await knex.raw(
    `WITH held AS (
       SELECT location_key FROM leases
       WHERE location_key = any(?) AND token = ?
       ORDER BY array_position(?::text[], location_key)
       FOR UPDATE
     )
     UPDATE leases SET ${set} FROM held
     WHERE leases.location_key = held.location_key`,
    [keys, token, keys, ...values],
  );
  return rowCount;
}
