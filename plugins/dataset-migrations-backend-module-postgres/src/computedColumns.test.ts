import { describeTable, renamed } from './__testUtils__/describeTable';
import { field, id, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const describeOne = (table: string) =>
  describeTable((text, values) => world.sql(text, values), table);

describe('columns that are computed', () => {
  const computed = [
    id,
    field('a', 'string'),
    field('b', 'integer'),
    field('twice', 'integer'),
    field('thrice', 'integer'),
  ];

  async function createComputed(table: string): Promise<void> {
    await world.sql(`CREATE TABLE ${table} (
      id integer PRIMARY KEY, a text, b integer,
      twice integer GENERATED ALWAYS AS (b * 2) STORED,
      thrice integer GENERATED ALWAYS AS (b * 3) VIRTUAL)`);
    await world.sql(
      `INSERT INTO ${table} SELECT g, g::text, g FROM generate_series(1, 300) AS g`,
    );
    await world.sql(`CREATE INDEX ${table}_twice ON ${table} (twice)`);
  }

  it.each(['switch', 'coexist'] as const)(
    'stay computed, under new names, too (%s)',
    async policy => {
      const table = `computed_${policy}`;
      await createComputed(table);
      await createComputed(`${table}_hand`);
      const engine = world.engine();
      const run = await world.run({
        table,
        policy,
        from: computed,
        to: [
          id,
          field('a', 'integer'),
          field('base', 'integer'),
          field('doubled', 'integer'),
          field('thrice', 'integer'),
        ],
        steps: [
          { agent: 'cast-type', payload: { field: 'a', onFailure: 'refuse' } },
          { agent: 'rename-field', payload: { from: 'b', to: 'base' } },
          { agent: 'rename-field', payload: { from: 'twice', to: 'doubled' } },
        ],
      });
      const original = await describeOne(table);
      await migrate(engine, run);
      if (policy === 'coexist') {
        await engine.retire(run);
      }
      for (const statement of [
        'ALTER a TYPE integer USING a::integer',
        'RENAME b TO base',
        'RENAME twice TO doubled',
      ]) {
        await world.sql(`ALTER TABLE ${table}_hand ${statement}`);
      }
      const theirs = await describeOne(`${table}_hand`);
      expect(await describeOne(table)).toEqual(
        renamed(theirs, `${table}_hand`, table),
      );
      await expect(
        world.sql(
          `UPDATE ${table} SET base = 7 WHERE id = 5 RETURNING doubled, thrice`,
        ),
      ).resolves.toEqual([{ doubled: 14, thrice: 21 }]);
      expect(original.columns).toHaveLength(5);
    },
  );

  it('may go, before what they are computed from', async () => {
    await createComputed('uncomputed');
    const run = await world.run({
      table: 'uncomputed',
      from: computed,
      to: [id, field('a', 'string')],
      steps: ['b', 'twice', 'thrice'].map(name => ({
        agent: 'drop-field',
        payload: { field: name },
      })),
    });
    await migrate(world.engine(), run);
    await expect(
      world.sql('SELECT * FROM uncomputed WHERE id = 1'),
    ).resolves.toEqual([{ id: 1, a: '1' }]);
  });
});
