import { Knex } from 'knex';

/**
 * Makes whoever writes what runs of a consumer tell wait for each other, until the
 * transaction ends.
 */
export async function lockLineage(
  trx: Knex.Transaction,
  consumerRef: string,
): Promise<void> {
  await trx.raw('SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', [
    `dataset-migrations:lineage:${consumerRef}`,
  ]);
}
