import { Knex } from 'knex';
import { changeLease } from './changeLease';
import { LeaseToken } from './types';

/** Frees the locations; the token stays, so that the next one is higher. */
export async function releaseLease(
  knex: Knex,
  lease: LeaseToken,
): Promise<void> {
  await changeLease(
    knex,
    lease,
    'migration_id = NULL, holder = NULL, expires_at = NULL',
  );
}
