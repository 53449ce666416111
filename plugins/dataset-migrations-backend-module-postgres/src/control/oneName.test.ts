import { castOfA } from '../__testUtils__/castOfA';
import { copy, migrate, World } from '../__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

it('G1: a table is not migrated twice through two spellings of its host', async () => {
  await world.sql('CREATE TABLE known (id integer PRIMARY KEY, a text)');
  const url = new URL(world.connectionString);
  url.hostname = 'localhost';
  const engine = world.engine();
  const alias = world.engine({ connectionString: url.href });
  const run = await world.run({ table: 'known', ...castOfA });
  await copy(engine, run);

  const other = {
    ...run,
    migrationId: 'another',
    fence: 7,
    location: { ...run.location, key: 'postgres:another-spelling' },
  };
  await expect(alias.fence(other)).rejects.toMatchObject({
    name: 'ConflictError',
    message: expect.stringContaining(
      `warehouse.public.known is being migrated by ${run.migrationId}`,
    ),
  });
  // The first was not fenced off: it can still be given up.
  await engine.abandon(run);
  await migrate(alias, other);
});
