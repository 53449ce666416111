import { randomUUID } from 'node:crypto';
import { Knex } from 'knex';

/**
 * Writes the row of a migration of a dataset of its own, and nothing that goes with it.
 *
 * @param columns - that matter to the test
 * @returns its id
 */
export async function insertMigration(
  knex: Knex,
  columns: { state: string; sequence: number; stage?: string },
): Promise<string> {
  const id = randomUUID();
  await knex('migrations').insert({
    id,
    dataset_ref: `resource:default/${id}`,
    location_key: id,
    location: '{}',
    from_version: '1.0.0',
    to_version: '2.0.0',
    policy: 'switch',
    started_by: 'user:default/amelia',
    source_contract: '{}',
    target_contract: '{}',
    ...columns,
  });
  return id;
}
