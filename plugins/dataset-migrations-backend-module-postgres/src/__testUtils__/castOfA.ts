import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { field, id, World } from './world';

/** A migration that copies: the column `a` becomes an integer. */
export const castOfA = {
  from: [id, field('a', 'string')] as Field[],
  to: [id, field('a', 'integer')] as Field[],
  steps: [{ agent: 'cast-type', payload: { field: 'a', onFailure: 'refuse' } }],
};

/** Makes a table for {@link castOfA}, with numbers as text in `a`. */
export async function createCastable(
  world: World,
  table: string,
  options: { rows?: number; storage?: string } = {},
): Promise<void> {
  const { rows = 500, storage = '' } = options;
  await world.sql(
    `CREATE TABLE ${table} (id integer PRIMARY KEY, a text) ${storage}`,
  );
  await world.sql(
    `INSERT INTO ${table} SELECT g, g::text FROM generate_series(1, ${rows}) AS g`,
  );
}

/** The type that `a` has in the table now. */
export async function typeOfA(world: World, table: string): Promise<string> {
  const [{ type }] = await world.sql(
    `SELECT format_type(atttypid, atttypmod) AS type FROM pg_attribute WHERE attrelid = $1::regclass AND attname = 'a'`,
    [table],
  );
  return type;
}
