import { Knex } from 'knex';

/** How many answers somebody gave within the last minute, about whatever. */
export async function countAnswersOf(knex: Knex, by: string): Promise<number> {
  const row = await knex('consumer_answers')
    .where({ given_by: by })
    .whereRaw(`given_at > now() - interval '1 minute'`)
    .count({ count: '*' })
    .first();
  return Number(row?.count ?? 0);
}
