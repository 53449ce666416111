import { Field } from '@skein/backstage-plugin-dataset-migrations-common';
import { castOfA, typeOfA } from './__testUtils__/castOfA';
import { createPartitioned } from './__testUtils__/partitioned';
import { field, id, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

afterEach(async () => {
  await world.sql('DROP SCHEMA public CASCADE');
  await world.sql('CREATE SCHEMA public');
});

type Change = Partial<Parameters<World['run']>[0]>;

async function planOf(table: string, change: Change = {}) {
  const run = await world.run({ table, ...castOfA, ...change });
  return world.engine().plan(run);
}

const refusalsOf = async (table: string, change?: Change) =>
  (await planOf(table, change)).refusals;

const text = (name: string, rest: Partial<Field> = {}) =>
  field(name, 'string', rest);
const cast = (name: string) => ({
  agent: 'cast-type',
  payload: { field: name, onFailure: 'refuse' },
});

describe('a plan for a partitioned table', () => {
  it('knows the sizes of all partitions, and says what becomes of them', async () => {
    await createPartitioned(world, 't');
    await world.sql('ANALYZE t');
    const plan = await planOf('t');
    expect(plan).toMatchObject({ refusals: [], rows: 350, chunks: 4 });
    const [{ bytes }] = await world.sql(
      `SELECT sum(pg_total_relation_size(relid))::int AS bytes FROM pg_partition_tree('t')`,
    );
    expect(plan.bytes).toBe(bytes);
    expect(plan.diskBytes).toBe(bytes);
    expect(plan.notes).toContainEqual(
      expect.stringContaining('The table has 4 partitions'),
    );
  });

  it.each`
    what                         | statements                                                                                                                                                                                              | named
    ${'an unlogged partition'}   | ${['ALTER TABLE t_0 SET UNLOGGED']}                                                                                                                                                                     | ${'Partition "public"."t_0": This table is not logged'}
    ${'a reader of a partition'} | ${['CREATE VIEW v AS SELECT a FROM t_1']}                                                                                                                                                               | ${'Partition "public"."t_1": The view public.v reads the column a'}
    ${'a rule of a partition'}   | ${['CREATE RULE quiet AS ON DELETE TO t_1 DO ALSO NOTHING']}                                                                                                                                            | ${'Partition "public"."t_1": The rule quiet'}
    ${'two tables of one name'}  | ${['CREATE SCHEMA IF NOT EXISTS more', 'CREATE TABLE more.t_1 PARTITION OF t FOR VALUES FROM (900) TO (950)']}                                                                                          | ${'have one name'}
    ${'a sequence of its own'}   | ${['CREATE SEQUENCE t_s OWNED BY t_1.id']}                                                                                                                                                              | ${'public.t_1 has a sequence of its own, public.t_s'}
    ${'a trigger half off'}      | ${['CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$', 'CREATE TRIGGER w AFTER INSERT ON t FOR EACH ROW EXECUTE FUNCTION f()', 'ALTER TABLE t_1 DISABLE TRIGGER w']} | ${'The trigger w is not enabled in the partition public.t_1'}
    ${'an invalid index'}        | ${['CREATE INDEX half ON ONLY t (a)']}                                                                                                                                                                  | ${'The index half is invalid'}
  `('refuses $what by name', async ({ statements, named }) => {
    await createPartitioned(world, 't');
    for (const statement of statements) {
      await world.sql(statement);
    }
    // A name of more than one relation is refused for its index, too.
    const refusals = await refusalsOf('t');
    expect(refusals[0]).toContain(named);
    await world.sql('DROP SCHEMA IF EXISTS more CASCADE');
  });

  it('refuses a partition that another server holds', async () => {
    await world.sql(
      'CREATE TABLE t (id integer, a text) PARTITION BY LIST (id)',
    );
    await world.sql('CREATE EXTENSION file_fdw SCHEMA public');
    await world.sql('CREATE SERVER files FOREIGN DATA WRAPPER file_fdw');
    await world.sql(
      `CREATE FOREIGN TABLE t_f PARTITION OF t DEFAULT SERVER files OPTIONS (filename '/dev/null')`,
    );
    expect(await refusalsOf('t', { policy: 'switch' })).toEqual([
      expect.stringContaining(
        'The partition "public"."t_f" is a foreign table',
      ),
    ]);
  });

  it('refuses a partition, and names its table', async () => {
    await createPartitioned(world, 't');
    for (const policy of ['switch', 'coexist'] as const) {
      expect(await refusalsOf('t_1', { policy })).toEqual([
        'warehouse.public.t_1 is a partition of public.t, and changes with it; name that table in the contract.',
      ]);
    }
  });

  it('refuses copies beside each other', async () => {
    await createPartitioned(world, 't');
    expect(await refusalsOf('t', { policy: 'coexist' })).toEqual([
      expect.stringContaining("Migrate with the policy 'switch'"),
    ]);
  });

  it.each`
    what                   | to
    ${'is dropped'}        | ${[id]}
    ${'gets another type'} | ${[id, field('a', 'integer')]}
  `('refuses a partition key that $what', async ({ what, to }) => {
    await world.sql(
      'CREATE TABLE t (id integer NOT NULL, a text) PARTITION BY LIST (a)',
    );
    expect(
      await refusalsOf('t', {
        to,
        steps: to.length === 1 ? undefined : castOfA.steps,
      }),
    ).toEqual([
      expect.stringContaining(`The table is partitioned by a, which ${what}`),
    ]);
  });

  it('refuses any other type in an expression', async () => {
    await world.sql(
      'CREATE TABLE t (id integer NOT NULL, a text) PARTITION BY RANGE ((id % 10))',
    );
    expect(
      await refusalsOf('t', {
        to: [{ ...id, type: { kind: 'integer', bits: 64 } }, text('a')],
        steps: [cast('id')],
      }),
    ).toContainEqual(
      expect.stringContaining('partitioned by id, which gets another type'),
    );
  });

  it('refuses a key without the columns of the partition key', async () => {
    await world.sql(
      'CREATE TABLE t (id integer NOT NULL, a text) PARTITION BY LIST (a)',
    );
    expect(
      await refusalsOf('t', {
        from: [field('id', 'integer', { required: true }), text('a')],
        to: [id, text('a')],
        steps: undefined,
      }),
    ).toContainEqual(
      expect.stringContaining('id cannot become a key: PostgreSQL keeps rows'),
    );
  });
});

describe('a partitioned table', () => {
  it('keeps the meaning of bounds in a wider type of its key', async () => {
    await createPartitioned(world, 't');
    await world.sql(
      'CREATE TABLE t_h PARTITION OF t FOR VALUES FROM (500) TO (600) PARTITION BY HASH (id)',
    );
    for (const remainder of [0, 1]) {
      await world.sql(
        `CREATE TABLE t_h${remainder} PARTITION OF t_h FOR VALUES WITH (MODULUS 2, REMAINDER ${remainder})`,
      );
    }
    await world.sql(
      `INSERT INTO t SELECT g, '1' FROM generate_series(500, 599) AS g`,
    );
    const where = () =>
      world.sql(
        'SELECT tableoid::regclass::text AS partition, id::int FROM t ORDER BY id',
      );
    const before = await where();
    const engine = world.engine();
    const run = await world.run({
      table: 't',
      from: castOfA.from,
      to: [{ ...id, type: { kind: 'integer', bits: 64 } }, text('a')],
      steps: [cast('id')],
    });
    expect(await engine.plan(run)).toMatchObject({
      strategy: 'shadow-copy',
      refusals: [],
    });
    await migrate(engine, run);
    expect(await where()).toEqual(before);
    await world.sql(`UPDATE t SET a = '2' WHERE id = 77`);
    await engine.rollback(run);
    expect(await where()).toEqual(before);
    await world.sql('DELETE FROM skein.versions');
  });

  it('takes its identity, its serial column and partitions in other schemas along', async () => {
    await world.sql('CREATE SCHEMA more');
    await world.sql(
      'CREATE TABLE t (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, a text, n serial) PARTITION BY RANGE (id)',
    );
    await world.sql(
      'CREATE TABLE more.low PARTITION OF t FOR VALUES FROM (0) TO (50)',
    );
    await world.sql('CREATE TABLE t_rest PARTITION OF t DEFAULT');
    await world.sql(
      `INSERT INTO t (a) SELECT g FROM generate_series(1, 99) AS g`,
    );
    const engine = world.engine();
    const n = field('n', 'integer', { required: true });
    const run = await world.run({
      table: 't',
      migrationId: 'sequences',
      from: [id, text('a'), n],
      to: [id, field('a', 'integer'), n],
      steps: castOfA.steps,
    });
    await migrate(engine, run);
    const [row] = await world.sql(`INSERT INTO t (a) VALUES (5) RETURNING *`);
    expect(row).toEqual({ id: 100, a: 5, n: 100 });
    expect(await world.sql('SELECT count(*)::int AS n FROM more.low')).toEqual([
      { n: 49 },
    ]);
    await engine.cleanUp(run);
    const [next] = await world.sql(`INSERT INTO t (a) VALUES (6) RETURNING *`);
    expect(next).toEqual({ id: 101, a: 6, n: 101 });
    await world.sql('DROP SCHEMA more CASCADE');
    await world.sql('DELETE FROM skein.versions');
  });

  it.each(['switch', 'coexist'] as const)(
    'G8: changes by its metadata, and back (%s)',
    async policy => {
      await createPartitioned(world, 't');
      await world.sql('CREATE VIEW v AS SELECT id FROM t_1');
      const engine = world.engine();
      const run = await world.run({
        table: 't',
        from: castOfA.from,
        to: [
          { ...id, name: 'number' },
          text('b'),
          text('source', { required: true, default: 'legacy' }),
        ],
        steps: [
          { agent: 'rename-field', payload: { from: 'id', to: 'number' } },
          { agent: 'rename-field', payload: { from: 'a', to: 'b' } },
          { agent: 'add-field', payload: { field: 'source' } },
        ],
        policy,
        migrationId: `metadata ${policy}`,
      });
      const plan = await engine.plan(run);
      expect(plan).toMatchObject({ strategy: 'metadata-only', refusals: [] });
      expect(plan.notes).toContain(
        'The table is locked with its 4 partitions, which change with it.',
      );
      await migrate(engine, run);
      const name = policy === 'switch' ? 'public.t' : 'public_v2_0_0.t';
      await world.sql(`INSERT INTO ${name} (number, b) VALUES (2000, 'x')`);
      expect(
        await world.sql(`SELECT * FROM ${name} WHERE number IN (150, 2000)`),
      ).toEqual([
        { number: 150, b: '150', source: 'legacy' },
        { number: 2000, b: 'x', source: 'legacy' },
      ]);
      await engine.rollback(run);
      expect(await world.sql('SELECT * FROM t_rest WHERE id > 500')).toEqual([
        { id: 2000, a: 'x' },
      ]);
      await world.sql('DELETE FROM skein.versions');
    },
  );

  it('does not change in place where a partition would lose its default', async () => {
    await world.sql(
      'CREATE TABLE t (id integer NOT NULL, a varchar(5)) PARTITION BY LIST (id)',
    );
    await world.sql(
      `CREATE TABLE t_1 PARTITION OF t (a DEFAULT 'own') FOR VALUES IN (1)`,
    );
    const wide = text('a', { default: 'x' });
    expect(
      await refusalsOf('t', {
        from: [
          field('id', 'integer', { required: true }),
          field('a', { kind: 'string', maxLength: 5 }),
        ],
        to: [field('id', 'integer', { required: true }), wide],
        steps: [cast('a')],
      }),
    ).toEqual([
      expect.stringContaining(
        'The partition public.t_1 has a default of its own for a',
      ),
    ]);
  });

  it('G9: has rows of all partitions in quarantine, as they were', async () => {
    await createPartitioned(world, 't');
    await world.sql(`UPDATE t SET a = 'bad' WHERE id % 70 = 0`);
    const engine = world.engine();
    const run = await world.run({
      table: 't',
      migrationId: 'set aside',
      from: castOfA.from,
      to: castOfA.to,
      steps: [
        {
          agent: 'cast-type',
          payload: { field: 'a', onFailure: 'quarantine' },
        },
      ],
    });
    await engine.fence(run);
    await engine.prepare(run);
    await engine.copyChunk(run);
    await world.sql(`UPDATE t_1 SET a = 'worse' WHERE id = 111`);
    await migrate(engine, run);
    expect(
      await world.sql(
        `SELECT string_agg(id || ' ' || a, ', ' ORDER BY id) AS kept FROM public_quarantine_v2_0_0.t`,
      ),
    ).toEqual([
      { kept: '70 bad, 111 worse, 140 bad, 210 bad, 280 bad, 350 bad' },
    ]);
    expect(await world.sql('SELECT count(*)::int AS n FROM t')).toEqual([
      { n: 344 },
    ]);
    await world.sql('DELETE FROM skein.versions');
  });

  it('G5: is compared whole, and not switched when a partition differs', async () => {
    await createPartitioned(world, 't');
    const engine = world.engine();
    const run = await world.run({
      table: 't',
      migrationId: 'compared',
      ...castOfA,
    });
    await engine.fence(run);
    await engine.prepare(run);
    while (!(await engine.copyChunk(run)).done) {
      // The next chunk.
    }
    const [{ shadow }] = await world.sql(
      `SELECT oid::regclass::text AS shadow FROM pg_class WHERE relname = 't_2' AND relnamespace::regnamespace::text LIKE 'skein%next'`,
    );
    await world.sql(`UPDATE ${shadow} SET a = 0 WHERE id = 222`);
    expect(await engine.verify(run)).toMatchObject({
      ok: false,
      mismatches: [{ column: 'a', ranges: ['id 222..222'] }],
    });
    await engine.abandon(run);
    expect(await typeOfA(world, 't')).toBe('text');
  });
});
