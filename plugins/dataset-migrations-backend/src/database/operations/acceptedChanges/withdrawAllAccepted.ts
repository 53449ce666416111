import { Knex } from 'knex';

/** Takes back whatever is accepted on the way from one version to another. */
export async function withdrawAllAccepted(
  trx: Knex.Transaction,
  way: { datasetRef: string; fromVersion: string; toVersion: string },
  by: string,
): Promise<void> {
  await trx('accepted_changes')
    .where({
      dataset_ref: way.datasetRef,
      from_version: way.fromVersion,
      to_version: way.toVersion,
    })
    .whereNull('withdrawn_at')
    .update({ withdrawn_by: by, withdrawn_at: trx.fn.now() });
}
