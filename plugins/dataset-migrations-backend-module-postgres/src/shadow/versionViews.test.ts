import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { copy, field, id, migrate, World } from '../__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const from: Field[] = [id, field('a', 'string')];
const renamed: Field[] = [id, field('b', 'string')];
const steps = [{ agent: 'rename-field', payload: { from: 'a', to: 'b' } }];

async function create(table: string) {
  await world.sql(`CREATE TABLE ${table} (id integer PRIMARY KEY, a text)`);
  await world.sql(
    `INSERT INTO ${table} SELECT g, g::text FROM generate_series(1, 20) AS g`,
  );
}

const kindOf = async (name: string) =>
  (
    await world.sql(
      'SELECT relkind AS kind FROM pg_class WHERE oid = to_regclass($1)',
      [name],
    )
  )[0]?.kind;

const schemas = async () =>
  (
    await world.sql(
      `SELECT nspname AS name FROM pg_namespace WHERE nspname LIKE 'public\\_v%' ORDER BY 1`,
    )
  ).map(({ name }) => name);

describe('names of versions', () => {
  it.each`
    what         | statement                                             | kind
    ${'a view'}  | ${'CREATE VIEW public_v1_0_0.taken AS SELECT 1 AS x'} | ${'v'}
    ${'a table'} | ${'CREATE TABLE public_v1_0_0.taken (x integer)'}     | ${'r'}
  `(
    'G11: leave $what of somebody else alone, or refuse to share its name',
    async ({ what, statement, kind }) => {
      await create('taken');
      await world.sql('CREATE SCHEMA public_v1_0_0');
      const change = { table: 'taken', from, to: renamed, steps };
      const engine = world.engine();
      const beside = await world.run({
        ...change,
        policy: 'coexist',
        migrationId: `beside ${what}`,
      });
      await copy(engine, beside);
      await world.sql(statement);
      await expect(engine.cutOver(beside)).rejects.toMatchObject({
        name: 'ConflictError',
        message: expect.stringContaining('"public_v1_0_0"."taken"'),
      });
      await expect(engine.plan(beside)).resolves.toMatchObject({
        refusals: [
          expect.stringContaining(
            '"public_v1_0_0"."taken", the name under which version 1.0.0 would be found',
          ),
        ],
      });
      await engine.abandon(beside);

      const run = await world.run({ ...change, migrationId: `over ${what}` });
      await migrate(engine, run);
      expect(await kindOf('public_v1_0_0.taken')).toBe(kind);
      await engine.rollback(run);
      expect(await kindOf('public_v1_0_0.taken')).toBe(kind);
      await world.sql('DROP SCHEMA public_v1_0_0 CASCADE');
      await world.sql('DROP TABLE taken');
    },
  );

  it('go with the last of them, but not a schema that was there before', async () => {
    await create('first');
    await create('second');
    await world.sql('CREATE SCHEMA public_v2_0_0');
    const engine = world.engine();
    const runs = [];
    for (const table of ['first', 'second']) {
      const run = await world.run({
        table,
        from,
        to: renamed,
        steps,
        policy: 'coexist',
      });
      await migrate(engine, run);
      runs.push(run);
    }
    expect(await schemas()).toEqual(['public_v1_0_0', 'public_v2_0_0']);
    await engine.rollback(runs[0]);
    expect(await schemas()).toEqual(['public_v1_0_0', 'public_v2_0_0']);
    expect(await kindOf('public_v1_0_0.first')).toBeUndefined();
    expect(await kindOf('public_v1_0_0.second')).toBe('v');
    await engine.rollback(runs[1]);
    expect(await schemas()).toEqual(['public_v2_0_0']);
  });

  it('are refused where PostgreSQL would cut them off to one', async () => {
    await create('long_named');
    const long = (end: string) => `2.0.0-${'a'.repeat(50)}${end}`;
    const change = {
      table: 'long_named',
      from,
      to: renamed,
      steps,
      versions: ['1.0.0', long('b')] as [string, string],
    };
    const engine = world.engine();
    await expect(
      engine.plan(await world.run({ ...change, policy: 'coexist' })),
    ).resolves.toMatchObject({
      refusals: [expect.stringContaining('longer than the 63 bytes')],
    });
    await expect(engine.plan(await world.run(change))).resolves.toMatchObject({
      refusals: [],
    });
  });
});
