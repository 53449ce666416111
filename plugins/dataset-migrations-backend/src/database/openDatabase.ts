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
  keepValuesToItself(knex);
  if (!database.migrations?.skip) {
    await bringUpToDate(knex);
  }
  return knex;
}

/** Lets errors say what a statement was, and not with which values: they are logged. */
function keepValuesToItself(knex: Knex): void {
  knex.client.config.compileSqlOnError = false;
}

/** Of processes that start at once, one does it, and the others wait for it. */
async function bringUpToDate(knex: Knex): Promise<void> {
  await knex.transaction(async trx => {
    // A process that starts loads much, and so may stand still for longer
    // between two statements than one that works.
    await trx.raw(`SET LOCAL idle_in_transaction_session_timeout = '5min'`);
    await trx.raw('SELECT pg_advisory_xact_lock(hashtextextended(?, 0))', [
      'dataset-migrations: the schema of the database',
    ]);
    await trx.migrate.latest({
      directory: resolvePackagePath(
        '@skein/backstage-plugin-dataset-migrations-backend',
        'migrations',
      ),
      // What a later release made is no reason for an earlier one not to start, beside
      // it or after a roll back of the release.
      disableMigrationsListValidation: true,
    });
  });
}
