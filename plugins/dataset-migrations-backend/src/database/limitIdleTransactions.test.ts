import { TestDatabases } from '@backstage/backend-test-utils';
import knexFactory, { Knex } from 'knex';
import { connectionOf } from '../__testUtils__/connectionOf';
import { poll } from '../__testUtils__/poll';
import { keepingAlive, limitIdleTransactions } from './limitIdleTransactions';

const LOCK = 7;

describe('limitIdleTransactions', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let other: Knex;
  let knex: Knex;

  beforeAll(async () => {
    other = await databases.init('POSTGRES_18');
    knex = knexFactory({ client: 'pg', connection: connectionOf(other) });
    limitIdleTransactions(knex, 1);
  });

  afterAll(() => knex.destroy());

  async function isFree(): Promise<boolean> {
    const { rows } = await other.raw(
      'SELECT pg_try_advisory_xact_lock(?) AS free',
      [LOCK],
    );
    return rows[0].free;
  }

  const holdLock = (trx: Knex.Transaction) =>
    trx.raw('SELECT pg_advisory_xact_lock(?)', [LOCK]);

  it('G3: takes the locks of a process that stands still', async () => {
    await expect(
      knex.transaction(async trx => {
        await holdLock(trx);
        await poll('the lock to be free', isFree);
      }),
    ).rejects.toThrow();
  });

  it('leaves them to one that says that it lives', async () => {
    const freed = await knex.transaction(async trx => {
      await holdLock(trx);
      return keepingAlive(
        trx,
        async () => {
          const { rows } = await other.raw('SELECT pg_sleep(3), 1 AS slept');
          expect(rows).toHaveLength(1);
          return isFree();
        },
        100,
      );
    });
    expect(freed).toBe(false);
  });
});
