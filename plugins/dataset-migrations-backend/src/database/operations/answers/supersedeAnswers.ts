import { Knex } from 'knex';

/**
 * Asks the owners of all consumers again about a version: what they answered counts
 * no longer, and stays known.
 */
export async function supersedeAnswersTo(
  trx: Knex.Transaction,
  { datasetRef, version }: { datasetRef: string; version: string },
): Promise<void> {
  await trx('consumer_answers')
    .where({ dataset_ref: datasetRef, version, superseded_at: null })
    .update({ superseded_at: trx.fn.now() });
}
