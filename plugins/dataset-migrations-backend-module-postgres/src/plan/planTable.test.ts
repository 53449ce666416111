import { castOfA, createCastable } from '../__testUtils__/castOfA';
import { field, id, World } from '../__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const engineWith = (maxDatabaseBytes?: number) => {
  const { connections } = world.settings();
  return world.engine({
    settings: {
      connections: connections.map(settings => ({
        ...settings,
        maxDatabaseBytes,
      })),
    },
  });
};

describe('the plan of a copy', () => {
  it('says how long it takes, what it needs, what it locks, and why', async () => {
    await createCastable(world, 'told', { rows: 2_000 });
    await world.sql('CREATE TABLE told_child (r integer REFERENCES told)');
    await world.sql('CREATE VIEW told_view AS SELECT id FROM told');
    const run = await world.run({ table: 'told', ...castOfA });
    const plan = await world.engine().plan(run);
    const [{ bytes }] = await world.sql(
      "SELECT pg_total_relation_size('told')::int AS bytes",
    );
    expect(plan).toMatchObject({
      strategy: 'shadow-copy',
      seconds: 1,
      bytes,
      diskBytes: bytes,
      refusals: [],
    });
    expect(
      plan.locks!.map(
        ({ during, mode, relation }) => `${during}: ${mode} of ${relation}`,
      ),
    ).toEqual([
      'prepare: ACCESS EXCLUSIVE of public.told',
      'prepare: ACCESS EXCLUSIVE of public.told_child',
      'prepare: ACCESS EXCLUSIVE of public.told_view',
      'prepare: SHARE ROW EXCLUSIVE of public.told',
      'cut over: ACCESS EXCLUSIVE of public.told',
      'cut over: ACCESS EXCLUSIVE of public.told_child',
      'cut over: ACCESS EXCLUSIVE of public.told_view',
    ]);
    expect(plan.notes[0]).toBe(
      'A copy is made, as PostgreSQL would rewrite the table for a: text to integer.',
    );
  });

  it('locks the table alone at a cut over beside it, the rest when the old version goes', async () => {
    await createCastable(world, 'pair');
    await world.sql('CREATE TABLE pair_child (r integer REFERENCES pair)');
    const run = await world.run({
      table: 'pair',
      ...castOfA,
      policy: 'coexist',
    });
    const { locks } = await world.engine().plan(run);
    expect(
      locks!.map(({ during, relation }) => `${during} ${relation}`),
    ).toEqual([
      'prepare public.pair',
      'prepare public.pair_child',
      'prepare public.pair',
      'cut over public.pair',
      'retirement public.pair',
      'retirement public.pair_child',
    ]);
  });

  it('is refused with the numbers where the database must not grow so far', async () => {
    await createCastable(world, 'large');
    const run = await world.run({ table: 'large', ...castOfA });
    await expect(engineWith(2 ** 50).plan(run)).resolves.toMatchObject({
      refusals: [],
    });
    const tight = engineWith(5 * 2 ** 20);
    const { refusals } = await tight.plan(run);
    expect(refusals).toEqual([
      expect.stringMatching(
        /^The copy takes about 1 MB; with it the database would take \d+ MB, more than the 5 MB that maxDatabaseBytes allows\./,
      ),
    ]);
    await tight.fence(run);
    await expect(tight.prepare(run)).rejects.toThrow(
      'that maxDatabaseBytes allows',
    );
  });

  it('says what its role is not shown of the load', async () => {
    const role = `skein_blind_${process.pid}`;
    await createCastable(world, 'unseen');
    const run = await world.run({ table: 'unseen', ...castOfA });
    const url = new URL(world.connectionString);
    await world.sql(`CREATE ROLE ${role} LOGIN PASSWORD 'blind'`);
    try {
      url.username = role;
      url.password = 'blind';
      const engine = world.engine({ connectionString: url.toString() });
      const said = expect.stringContaining(`GRANT pg_monitor TO ${role}`);
      expect((await engine.plan(run)).notes).toContainEqual(said);
      await world.sql(`GRANT pg_monitor TO ${role}`);
      expect((await engine.plan(run)).notes).not.toContainEqual(said);
    } finally {
      await world.sql(`DROP ROLE ${role}`);
    }
  });

  it.each`
    what                           | to                                                  | steps                                                                           | reason
    ${'a column that is computed'} | ${[id, field('a', 'string'), field('b', 'string')]} | ${[{ agent: 'derive-field', payload: { field: 'b', expression: "a || '!'" } }]} | ${'b is computed for every row'}
    ${'a column that is dropped'}  | ${[id]}                                             | ${[{ agent: 'drop-field', payload: { field: 'a' } }]}                           | ${'a roll back could not bring back what a dropped a held'}
  `('names $what', async ({ what, to, steps, reason }) => {
    const table = what.replace(/\W/g, '_');
    await createCastable(world, table);
    const run = await world.run({ table, from: castOfA.from, to, steps });
    const { notes, refusals } = await world.engine().plan(run);
    expect(refusals).toEqual([]);
    expect(notes).toContain(`A copy is made, as ${reason}.`);
  });
});

it('keeps the plan of a change of metadata small', async () => {
  await createCastable(world, 'renamed');
  const run = await world.run({
    table: 'renamed',
    from: castOfA.from,
    to: [id, field('c', 'string')],
    steps: [{ agent: 'rename-field', payload: { from: 'a', to: 'c' } }],
  });
  const plan = await engineWith(1).plan(run);
  expect(plan).toMatchObject({
    strategy: 'metadata-only',
    seconds: 1,
    diskBytes: 0,
    refusals: [],
    locks: [
      {
        relation: 'public.renamed',
        mode: 'ACCESS EXCLUSIVE',
        during: 'cut over',
      },
    ],
  });
});
