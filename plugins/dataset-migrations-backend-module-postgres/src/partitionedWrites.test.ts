import { castOfA, typeOfA } from './__testUtils__/castOfA';
import { createPartitioned } from './__testUtils__/partitioned';
import { copy, field, id, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

/** All rows with their partitions, as texts, in the order of the key. */
async function rowsOf(table: string) {
  const rows = await world.sql(
    `SELECT tableoid::regclass::text AS partition, id, a::text AS a FROM ${table} ORDER BY id`,
  );
  return rows.map(({ partition, id: key, a }) => `${partition} ${key}:${a}`);
}

/** Schemas of the engine's own, but for its control schema. */
const leftovers = async () =>
  (
    await world.sql(
      `SELECT nspname AS name FROM pg_namespace WHERE nspname ~ '^skein_'`,
    )
  ).map(({ name }) => name);

const runOn = (table: string, migrationId?: string) =>
  world.run({ table, ...castOfA, migrationId });

const kinds = [
  { what: 'the table', statement: `UPDATE t SET a = '7' WHERE id % 3 = 0` },
  { what: 'a partition', statement: `UPDATE t_1 SET a = '8' WHERE id % 2 = 0` },
  { what: 'COPY to a partition', statement: `INSERT INTO t_0 VALUES (0, '9')` },
  {
    what: 'rows that move to another partition',
    statement: 'UPDATE t SET id = 1000 - id WHERE id BETWEEN 150 AND 250',
  },
  {
    what: 'rows that move and return',
    statement:
      'BEGIN; UPDATE t SET id = -id WHERE id < 120; UPDATE t SET id = -id WHERE id < 0; COMMIT',
  },
  { what: 'deleted rows of all', statement: 'DELETE FROM t WHERE id % 50 = 1' },
  {
    what: 'a replica',
    statement: `SET session_replication_role = replica; UPDATE t_2 SET a = '5'; RESET session_replication_role`,
  },
];

describe('a write to a partitioned table', () => {
  it.each(kinds)(
    'G9: to $what gets into the new version, whenever it is made',
    async ({ what, statement }) => {
      const engine = world.engine();
      for (const moment of ['half copied', 'verified']) {
        await createPartitioned(world, 't');
        const run = await runOn('t', `${what} ${moment}`);
        await engine.fence(run);
        await engine.prepare(run);
        if (moment === 'half copied') {
          await engine.copyChunk(run);
        } else if (moment === 'verified') {
          await copy(engine, run);
          await engine.verify(run);
        }
        await world.sql(statement);
        const written = await rowsOf('t');
        await migrate(engine, run);
        expect(await typeOfA(world, 't')).toBe('integer');
        expect(await rowsOf('t')).toEqual(written);
        await engine.cleanUp(run);
        expect(await leftovers()).toEqual([]);
        await world.sql('DROP TABLE t');
        await world.sql('DELETE FROM skein.versions');
      }
    },
  );

  it('G8: comes back with a roll back, from one partition to another too', async () => {
    await createPartitioned(world, 'back');
    const engine = world.engine();
    const run = await runOn('back');
    await migrate(engine, run);
    await world.sql('UPDATE back SET a = a + 1 WHERE id < 120');
    await world.sql('UPDATE back SET id = 5000 + id WHERE id > 220');
    await world.sql(
      'INSERT INTO back_1 VALUES (100, 3) ON CONFLICT DO NOTHING',
    );
    await world.sql('DELETE FROM back_0 WHERE id < 10');
    await world.sql('TRUNCATE back_2');
    const written = await rowsOf('back');
    await engine.rollback(run);
    expect(await typeOfA(world, 'back')).toBe('text');
    expect(await rowsOf('back')).toEqual(written);
    expect(await leftovers()).toEqual([]);
  });
});

const changes = [
  {
    at: 'the next chunk',
    what: 'TRUNCATE of a partition',
    statement: 'TRUNCATE t_1',
  },
  {
    at: 'the switch',
    what: 'VACUUM FULL of a partition',
    statement: 'VACUUM FULL t_1',
  },
  {
    at: 'the next chunk',
    what: 'a partition that is created',
    statement: 'CREATE TABLE t_7 PARTITION OF t FOR VALUES FROM (700) TO (800)',
  },
  {
    at: 'the switch',
    what: 'a partition that is attached with rows in it',
    statement:
      "CREATE TABLE t_8 (id integer NOT NULL, a text); INSERT INTO t_8 VALUES (850, '1'); ALTER TABLE t ATTACH PARTITION t_8 FOR VALUES FROM (800) TO (900)",
  },
  {
    at: 'the next chunk',
    what: 'a partition that is detached',
    statement: 'ALTER TABLE t DETACH PARTITION t_1',
  },
  {
    at: 'the switch',
    what: 'a partition that is dropped',
    statement: 'DROP TABLE t_2',
  },
  {
    at: 'the next chunk',
    what: 'a partition with other bounds',
    statement:
      'BEGIN; ALTER TABLE t DETACH PARTITION t_0; ALTER TABLE t ATTACH PARTITION t_0 FOR VALUES FROM (-5) TO (100); COMMIT',
  },
  {
    at: 'the switch',
    what: 'an index of one partition',
    statement: 'CREATE INDEX ON t_1 (a)',
  },
];

describe('what no row trigger sees', () => {
  it.each(changes)(
    'G9: $what is noticed by $at, and the migration begins anew with it',
    async ({ what, statement, at }) => {
      const engine = world.engine();
      await createPartitioned(world, 't');
      const run = await runOn('t', what);
      await engine.fence(run);
      await engine.prepare(run);
      await engine.copyChunk(run);
      if (at === 'the switch') {
        await copy(engine, run);
        await engine.verify(run);
      }
      for (const one of statement.split('; ')) {
        await world.sql(one);
      }
      const written = await rowsOf('t');
      await expect(
        at === 'the switch' ? engine.cutOver(run) : engine.copyChunk(run),
      ).rejects.toMatchObject({ name: 'SourceChangedError' });
      expect(await typeOfA(world, 't')).toBe('text');
      await migrate(engine, run);
      expect(await typeOfA(world, 't')).toBe('integer');
      expect(await rowsOf('t')).toEqual(written);
      await engine.cleanUp(run);
      expect(await leftovers()).toEqual([]);
      await world.sql('DROP TABLE t');
      await world.sql('DROP TABLE IF EXISTS t_1');
      await world.sql('DELETE FROM skein.versions');
    },
  );

  it.each(['with', 'without'])(
    'G8: keeps a roll back from losing a partition that was made since, %s a default one, before it writes anything',
    async how => {
      const table = `grown_${how}`;
      await createPartitioned(world, table);
      if (how === 'without') {
        await world.sql(`DELETE FROM ${table}_rest`);
        await world.sql(`DROP TABLE ${table}_rest`);
      }
      const engine = world.engine();
      const run = await runOn(table);
      await migrate(engine, run);
      await world.sql(
        `CREATE TABLE ${table}_9 PARTITION OF ${table} FOR VALUES FROM (900) TO (1000)`,
      );
      await world.sql(`INSERT INTO ${table} VALUES (950, 1)`);
      const [{ old }] = await world.sql(
        `SELECT c.oid::regclass AS old FROM pg_class c WHERE relname = $1 AND relnamespace::regnamespace::text LIKE 'skein%old'`,
        [table],
      );
      const kept = () =>
        world.sql(
          `SELECT tableoid, ctid, xmin FROM ${old} ORDER BY tableoid, ctid`,
        );
      const before = await kept();
      await expect(engine.rollback(run)).rejects.toThrow(
        /not as it was published: .*changed partitions/,
      );
      expect(await kept()).toEqual(before);
      await world.sql(`DROP TABLE ${table}_9`);
      await engine.rollback(run);
      expect(await typeOfA(world, table)).toBe('text');
    },
  );

  it('G9: fails the migration of a table whose rows have no key', async () => {
    await world.sql(
      'CREATE TABLE bare (id integer, a text) PARTITION BY HASH (id)',
    );
    await world.sql(
      'CREATE TABLE bare_0 PARTITION OF bare FOR VALUES WITH (MODULUS 1, REMAINDER 0)',
    );
    await world.sql(
      `INSERT INTO bare SELECT g, '1' FROM generate_series(1, 500) AS g`,
    );
    const engine = world.engine();
    const keyless = [field('id', 'integer'), field('a', 'string')];
    const run = await world.run({
      table: 'bare',
      from: keyless,
      to: [keyless[0], field('a', 'integer')],
      steps: castOfA.steps,
    });
    await copy(engine, run);
    await world.sql(`UPDATE bare_0 SET a = '2' WHERE id = 3`);
    await expect(engine.cutOver(run)).rejects.toThrow(/was written/);
    await engine.abandon(run);
    expect(await leftovers()).toEqual([]);
  });
});

describe('many small partitions', () => {
  it('share chunks and transactions', async () => {
    await createPartitioned(world, 'many', { partitions: 40 });
    const engine = world.engine();
    const run = await runOn('many');
    const plan = await engine.plan(run);
    expect(plan.refusals).toEqual([]);
    expect(plan.bytes).toBeGreaterThan(40 * 8192);
    await engine.fence(run);
    await engine.prepare(run);
    let calls = 0;
    let last;
    do {
      last = await engine.copyChunk(run);
      calls += 1;
    } while (!last.done);
    expect(last).toMatchObject({ rowsDone: 4_050, rowsTotal: 4_050 });
    // A partition is a block; two lanes copy a handful of them at a time.
    expect(last.chunksDone).toBeLessThan(41);
    expect(calls).toBeLessThan(30);
    await engine.verify(run);
    await engine.cutOver(run);
    expect(await rowsOf('many')).toHaveLength(4_050);
    await engine.rollback(run);
    expect(await leftovers()).toEqual([]);
  });

  it('may all be empty', async () => {
    await createPartitioned(world, 'none', { rows: 0 });
    const engine = world.engine();
    const run = await runOn('none');
    await migrate(engine, run);
    expect(await typeOfA(world, 'none')).toBe('integer');
    expect(await rowsOf('none')).toEqual([]);
  });
});

it('a table without partitions yet is migrated', async () => {
  await world.sql(
    'CREATE TABLE young (id integer PRIMARY KEY, a text) PARTITION BY RANGE (id)',
  );
  const engine = world.engine();
  const run = await world.run({
    table: 'young',
    from: [id, field('a', 'string')],
    to: [id, field('a', 'integer')],
    steps: castOfA.steps,
  });
  await migrate(engine, run);
  expect(await typeOfA(world, 'young')).toBe('integer');
});
