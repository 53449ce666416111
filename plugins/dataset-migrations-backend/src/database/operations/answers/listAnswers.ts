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
  const query = standing(knex).where({ dataset_ref: datasetRef, version });
  if (consumerRefs) {
    query.whereRaw('consumer_ref = any(?)', [[...consumerRefs]]);
  }
  const rows: any[] = await query;
  return new Map(rows.map(row => [row.consumer_ref, answerOf(row)]));
}

/**
 * The same of one consumer about versions of many datasets, in one statement.
 *
 * @returns by entity ref of the dataset, and by version
 */
export async function listAnswersOf(
  knex: Knex,
  consumerRef: string,
  about: ReadonlyArray<{ datasetRef: string; version: string }>,
): Promise<Map<string, Map<string, GivenAnswer>>> {
  const rows: any[] = await standing(knex)
    .where({ consumer_ref: consumerRef })
    .whereRaw(
      '(dataset_ref, version) IN (SELECT * FROM unnest(?::text[], ?::text[]))',
      [
        about.map(({ datasetRef }) => datasetRef),
        about.map(({ version }) => version),
      ],
    );
  const byDataset = new Map<string, Map<string, GivenAnswer>>();
  for (const row of rows) {
    const byVersion = byDataset.get(row.dataset_ref) ?? new Map();
    byDataset.set(row.dataset_ref, byVersion.set(row.version, answerOf(row)));
  }
  return byDataset;
}

/** The last answers, without those that were taken back. */
function standing(knex: Knex) {
  return knex('consumer_answers')
    .where({ superseded_at: null })
    .whereNot({ answer: 'withdrawn' });
}

function answerOf(row: any): GivenAnswer {
  return {
    kind: row.answer,
    date: row.date?.toISOString(),
    reason: row.reason ?? undefined,
    by: row.given_by,
    at: row.given_at.toISOString(),
    concerns: row.concerns,
    constraint: row.version_constraint ?? undefined,
  };
}
