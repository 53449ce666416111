import { TestDatabases } from '@backstage/backend-test-utils';
import knexFactory, { Knex } from 'knex';
import { connectionOf } from '../__testUtils__/connectionOf';
import { openDatabase } from './openDatabase';

describe('openDatabase', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  it('makes the tables once, for as many processes as start at once', async () => {
    const first = await databases.init('POSTGRES_18');
    const others = ['b', 'c', 'd'].map(() =>
      knexFactory({ client: 'pg', connection: connectionOf(first) }),
    );
    const open = (client: Knex) =>
      openDatabase({ getClient: async () => client });
    try {
      await Promise.all([first, ...others].map(open));
      await open(first);
      const batches = await first('knex_migrations').distinct('batch');
      expect(batches).toEqual([{ batch: 1 }]);
      expect(await first('knex_migrations_lock')).toMatchObject([
        { is_locked: 0 },
      ]);
    } finally {
      await Promise.all(others.map(knex => knex.destroy()));
    }
  });

  it('opens what a later release made, and leaves it as it is', async () => {
    const knex = await databases.init('POSTGRES_18');
    const open = () => openDatabase({ getClient: async () => knex });
    await open();
    await knex('knex_migrations').insert({
      name: '99991231000000_of_a_later_release.js',
      batch: 2,
      migration_time: new Date(),
    });
    const before = await knex('knex_migrations').orderBy('id');
    await open();
    expect(await knex('knex_migrations').orderBy('id')).toEqual(before);
    expect(await knex('knex_migrations_lock')).toMatchObject([
      { is_locked: 0 },
    ]);
  });

  it('has errors say nothing of the values of a statement', async () => {
    const knex = await databases.init('POSTGRES_18');
    await openDatabase({ getClient: async () => knex });
    const wrong = { id: 'of-flight-ua-175' };
    for (const failing of [
      knex('migrations').where(wrong),
      knex.transaction(trx => trx('migrations').insert(wrong)),
    ]) {
      const message = await failing.then(
        () => 'none',
        error => error.message,
      );
      expect(message).toMatch(/"migrations".*\$1.* - invalid input syntax/);
      expect(message.replace(/ - invalid input syntax.*/, '')).not.toContain(
        wrong.id,
      );
    }
  });

  it('G3: leaves the limit of standing still as it is for work', async () => {
    const knex = await databases.init('POSTGRES_18');
    await openDatabase({ getClient: async () => knex });
    const { rows } = await knex.raw('SHOW idle_in_transaction_session_timeout');
    expect(rows).toEqual([{ idle_in_transaction_session_timeout: '15s' }]);
  });
});
