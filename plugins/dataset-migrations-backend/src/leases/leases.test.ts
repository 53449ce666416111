import { Knex } from 'knex';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { acquireLease } from './acquireLease';
import { releaseLease } from './releaseLease';
import { renewLease } from './renewLease';

const first = '11111111-1111-4111-8111-111111111111';
const second = '22222222-2222-4222-8222-222222222222';

describe('leases', () => {
  const database = useTestDatabase();
  let knex: Knex;

  beforeEach(async () => {
    knex = database();
  });

  const acquire = (migrationId: string) =>
    knex.transaction(trx =>
      acquireLease(trx, { locationKeys: ['a'], migrationId, holder: 'w' }),
    );

  it('G4: gives the next job of a migration a higher token at once', async () => {
    const one = await acquire(first);
    const two = await acquire(first);
    expect(two.token).toBeGreaterThan(one.token);
    expect(await renewLease(knex, one)).toBe(false);
    expect(await renewLease(knex, two)).toBe(true);
    // One that was overtaken frees nothing.
    await releaseLease(knex, one);
    expect(await renewLease(knex, two)).toBe(true);
  });

  it.each<[string, typeof renewLease | typeof releaseLease]>([
    ['renews', renewLease],
    ['frees', releaseLease],
  ])(
    'G4: %s locations in the order in which they are taken',
    async (_, change) => {
      // In the table the other way round, where an update would begin.
      for (const key of ['b', 'a']) {
        await knex('leases').insert({ location_key: key, token: 7 });
      }
      const waiting = () =>
        knex.raw(
          `SELECT 1 FROM pg_locks JOIN pg_database ON database = pg_database.oid
           WHERE datname = current_database() AND relation = 'leases'::regclass
             AND locktype = 'tuple'`,
        );
      const changed = await knex.transaction(async trx => {
        await trx('leases').where({ location_key: 'a' }).forUpdate();
        const done = change(knex, {
          locationKeys: ['b', 'a'],
          token: 7,
          renewedAt: 0,
        });
        while ((await waiting()).rows.length === 0);
        // Would wait for ever if the other one had it already.
        expect(
          await trx('leases').where({ location_key: 'b' }).forUpdate().noWait(),
        ).toHaveLength(1);
        return { done };
      });
      await changed.done;
    },
  );

  it('keeps other migrations out until it is freed or expired', async () => {
    const one = await acquire(first);
    await expect(acquire(second)).rejects.toMatchObject({
      name: 'LeaseHeldError',
      message: expect.stringContaining(`Migration ${first} holds`),
    });
    await releaseLease(knex, one);
    const two = await acquire(second);
    expect(two.token).toBeGreaterThan(one.token);

    await knex('leases').update({
      expires_at: knex.raw("now() - interval '1s'"),
    });
    expect((await acquire(first)).token).toBeGreaterThan(two.token);
  });

  it('G4: tokens grow under contention, and never repeat', async () => {
    const leases = await Promise.all(
      Array.from({ length: 8 }, () => acquire(first)),
    );
    expect(new Set(leases.map(({ token }) => token)).size).toBe(8);
  });

  it('outbids the fences of a database that is gone', async () => {
    const before = await acquire(first);
    await knex('leases').delete();
    expect((await acquire(second)).token).toBeGreaterThanOrEqual(before.token);
  });
});
