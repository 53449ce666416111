import { Knex } from 'knex';

/** The settings of a test database, with the password that knex hides from copies. */
export function connectionOf(knex: Knex) {
  const { connection } = knex.client.config;
  return { ...connection, password: connection.password };
}
