import { GivenAnswer } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { Knex } from 'knex';

/**
 * What the owners of consumers last said about a version of a dataset, by entity
 * ref of the consumer; without those who took it back.
 *
 * @param consumerRefs - of these consumers only
 */
export async function listAnswers(
  knex: Knex,
  datasetRef: string,
  version: string,
  consumerRefs?: readonly string[],
): Promise<Map<string, GivenAnswer>> {
  const query = knex('consumer_answers')
    .where({ dataset_ref: datasetRef, version, superseded_at: null })
    .whereNot({ answer: 'withdrawn' });
  if (consumerRefs) {
    query.whereRaw('consumer_ref = any(?)', [[...consumerRefs]]);
  }
  const rows: any[] = await query;
  return new Map(
    rows.map(row => [
      row.consumer_ref,
      {
        kind: row.answer,
        date: row.date?.toISOString(),
        reason: row.reason ?? undefined,
        by: row.given_by,
        at: row.given_at.toISOString(),
        concerns: row.concerns,
        constraint: row.version_constraint ?? undefined,
      },
    ]),
  );
}
