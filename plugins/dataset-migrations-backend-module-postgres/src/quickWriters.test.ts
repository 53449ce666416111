import { castOfA, createCastable, typeOfA } from './__testUtils__/castOfA';
import { meddledPool } from './__testUtils__/pausingPool';
import { copy, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const locksAll = (statement: string) =>
  /^LOCK TABLE .* IN ACCESS EXCLUSIVE MODE/.test(statement);

/** A run of a table of so many rows. */
async function castable(table: string, rows: number) {
  await createCastable(world, table, { rows });
  return world.run({ table, ...castOfA });
}

describe('writers that are quicker than their writes come over', () => {
  it('G9: are not locked out by a cut over that would only give the lock back', async () => {
    const run = await castable('many', 7_500);
    await copy(world.engine(), run);
    let written = false;
    let locks = 0;
    const makePool = meddledPool(async statement => {
      locks += locksAll(statement) ? 1 : 0;
      // The cut over has brought over what there was, and not yet what comes.
      if (!written && statement.startsWith('CREATE SCHEMA')) {
        written = true;
        await world.sql('UPDATE many SET a = (a::int + 1)::text');
      }
    });
    await world.engine({ makePool }).cutOver(run);
    expect(written).toBe(true);
    expect(locks).toBe(1);
    expect(
      await world.sql('SELECT count(*)::int AS n FROM many WHERE a = id + 1'),
    ).toEqual([{ n: 7_500 }]);
  });

  it.each(['cutOver', 'rollback'] as const)(
    'G9: make the %s fail in the end, and lose nothing',
    async method => {
      const table = `quick_${method.toLocaleLowerCase('en-US')}`;
      const back = method === 'rollback';
      const run = await castable(table, 2_100);
      await (back ? migrate : copy)(world.engine(), run);
      let locks = 0;
      const makePool = meddledPool(async statement => {
        if (locksAll(statement)) {
          locks += 1;
          await world.sql(
            `UPDATE ${table} SET a = ${back ? 'a + 1' : '(a::int + 1)::text'}`,
          );
        }
      });
      await expect(
        world.engine({ makePool })[method](run),
      ).rejects.toMatchObject({
        name: 'ConflictError',
        message: expect.stringContaining('written faster'),
      });
      expect(locks).toBe(20);
      expect(await typeOfA(world, table)).toBe(back ? 'integer' : 'text');
      await world.engine()[method](run);
      expect(await typeOfA(world, table)).toBe(back ? 'text' : 'integer');
      expect(
        await world.sql(
          `SELECT count(*)::int AS n FROM ${table} WHERE a::int = id + 20`,
        ),
      ).toEqual([{ n: 2_100 }]);
    },
  );
});
