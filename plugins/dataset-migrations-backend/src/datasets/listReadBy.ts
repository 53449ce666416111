import { activeMigrationStates } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { DatasetScope, whereInScope } from '../permissions/filterDatasets';

/**
 * The datasets within a scope that an entity reads. Of many, those come first of which
 * a version is proposed, a migration is under way, or an old version is to retire.
 *
 * @param options.limit - of what is returned
 * @returns besides the refs of the first ones how many there are in all
 */
export async function listReadBy(
  knex: Knex,
  consumerRef: string,
  options: { limit: number; scope: DatasetScope },
): Promise<{ entityRefs: string[]; total: number }> {
  const { limit, scope } = options;
  const query = knex('datasets')
    .select('entity_ref', knex.raw('count(*) OVER ()::int AS total'))
    .whereIn(
      'entity_ref',
      knex('consumers')
        .select('dataset_ref')
        .where({ consumer_ref: consumerRef }),
    )
    .orderByRaw(
      `(next_version IS NOT NULL OR EXISTS (
         SELECT FROM migrations
         WHERE dataset_ref = entity_ref
           AND (state = ANY (?)
             OR state = 'succeeded' AND old_version_state = 'coexisting')
       )) DESC, entity_ref`,
      [[...activeMigrationStates]],
    )
    .limit(limit);
  whereInScope(query, scope);
  const rows: Array<{ entity_ref: string; total: number }> = await query;
  return {
    entityRefs: rows.map(row => row.entity_ref),
    total: rows[0]?.total ?? 0,
  };
}
