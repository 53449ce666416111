import { Knex } from 'knex';

/** Datasets that campaigns could start now, as of their last look. */
export async function countDispatchable(knex: Knex): Promise<number> {
  const [{ count }] = await knex('campaigns')
    .where({ state: 'running' })
    .sum({ count: 'dispatchable' });
  return Number(count ?? 0);
}
