import { Knex } from 'knex';
import { Lease, LEASE_SECONDS, LeaseHeldError } from './types';

/**
 * Takes the lease of all locations of a migration, under one token: those that
 * are free or expired, or that the same migration holds, since its next job
 * takes over from its last one, whether that ended or only looks dead. In a fixed
 * order, so that two migrations that share several do not wait for each other.
 *
 * The token is never smaller than the database's clock in milliseconds. So it
 * also outbids fences that a database of the plugin which is gone (restored
 * from a backup, set up anew) has left beside the data.
 *
 * @throws LeaseHeldError naming the migration that holds one of them; then none
 *   may be kept, so the transaction must not be committed
 */
export async function acquireLease(
  trx: Knex.Transaction,
  options: { locationKeys: string[]; migrationId: string; holder: string },
): Promise<Lease> {
  const renewedAt = performance.now();
  const locationKeys = [...options.locationKeys].sort();
  const tokens: number[] = [];
  for (const locationKey of locationKeys) {
    tokens.push(await acquireOne(trx, { ...options, locationKey }));
  }
  const token = Math.max(...tokens);
  if (tokens.some(other => other !== token)) {
    await trx('leases').whereIn('location_key', locationKeys).update({ token });
  }
  return { locationKeys, token, renewedAt };
}

async function acquireOne(
  trx: Knex.Transaction,
  options: { locationKey: string; migrationId: string; holder: string },
): Promise<number> {
  const { locationKey, migrationId, holder } = options;
  const { rows } = await trx.raw(
    `INSERT INTO leases AS held (location_key, token, migration_id, holder, expires_at)
     VALUES (:locationKey, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
             :migrationId, :holder, now() + make_interval(secs => :seconds))
     ON CONFLICT (location_key) DO UPDATE
       SET token = greatest(held.token + 1, excluded.token),
           migration_id = excluded.migration_id,
           holder = excluded.holder,
           expires_at = excluded.expires_at
       WHERE held.migration_id IS NULL
          OR held.migration_id = excluded.migration_id
          OR held.expires_at < now()
     RETURNING token`,
    { locationKey, migrationId, holder, seconds: LEASE_SECONDS },
  );
  if (rows.length) {
    return Number(rows[0].token);
  }
  const current = await trx('leases')
    .where({ location_key: locationKey })
    .first();
  throw new LeaseHeldError(
    `Migration ${
      current?.migration_id
    } holds this location until ${current?.expires_at?.toISOString()}`,
  );
}
