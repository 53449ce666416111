import { Knex } from 'knex';
import pg from 'pg';

/**
 * The plugin's own connection settings for a pool of the queue's. The queue
 * lives in the same database as the plugin's tables, in a schema of its own, or
 * it could not take part in their transactions.
 */
export async function queueConnection(knex: Knex): Promise<pg.PoolConfig> {
  const settings = await connectionSettings(knex);
  const role = await roleTakenOn(knex);
  return role === undefined
    ? settings
    : {
        ...settings,
        options: `${settings.options ?? ''} -c role=${escapeOption(role)}`,
      };
}

async function connectionSettings(knex: Knex): Promise<pg.PoolConfig> {
  const { connection } = knex.client.config;
  if (typeof connection !== 'function') {
    return typeof connection === 'string' || connection instanceof String
      ? { connectionString: String(connection) }
      : // knex hides the password from enumeration, so a copy would lose it.
        { ...connection, password: connection.password };
  }
  // Settings from a function carry short-lived passwords (IAM tokens): every
  // new connection of the pool asks for one.
  const settings: pg.PoolConfig = await connection();
  return {
    ...settings,
    password: async () => {
      const { password } = (await connection()) as { password?: string };
      return password ?? '';
    },
  };
}

/**
 * The platform lets connections take on a role (`backend.database.role`) as they
 * are made: whose tables these are, and so must be the queue's.
 */
async function roleTakenOn(knex: Knex): Promise<string | undefined> {
  const { rows } = await knex.raw(
    'SELECT current_user AS role, current_user <> session_user AS taken_on',
  );
  const [{ role, taken_on: takenOn }] = rows;
  return takenOn ? role : undefined;
}

/** Of the command line of a session, in which blanks part options. */
function escapeOption(value: string): string {
  return value.replace(/[\\\s]/g, '\\$&');
}
