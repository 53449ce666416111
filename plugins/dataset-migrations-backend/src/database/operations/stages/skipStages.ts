import { Knex } from 'knex';

/** What was not done and will not be. */
export async function skipStages(
  trx: Knex.Transaction,
  migrationId: string,
): Promise<void> {
  await trx('migration_stages')
    .where({ migration_id: migrationId })
    .whereIn('state', ['pending', 'running'])
    .update({ state: 'skipped', finished_at: trx.fn.now() });
}
