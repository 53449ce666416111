import {
  DatabaseService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { Knex } from 'knex';
import { limitIdleTransactions } from './limitIdleTransactions';

/**
 * Connects to the plugin's database and brings its tables up to date.
 *
 * @throws InputError when it is not PostgreSQL
 */
export async function openDatabase(database: DatabaseService): Promise<Knex> {
  const knex = await database.getClient();
  if (knex.client.config.client !== 'pg') {
    throw new InputError(
      `The dataset-migrations plugin needs PostgreSQL, not '${knex.client.config.client}': set backend.database.client to 'pg', or backend.database.plugin.dataset-migrations.client for this plugin alone`,
    );
  }
  limitIdleTransactions(knex);
  if (!database.migrations?.skip) {
    await knex.migrate.latest({
      directory: resolvePackagePath(
        '@skein/backstage-plugin-dataset-migrations-backend',
        'migrations',
      ),
    });
  }
  return knex;
}
