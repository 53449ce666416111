import { Client } from 'pg';
import { castOfA, createCastable, typeOfA } from './__testUtils__/castOfA';
import { copy, field, migrate, World } from './__testUtils__/world';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

const { from, to, steps } = castOfA;
const create = (table: string) => createCastable(world, table);
const typeOf = (table: string) => typeOfA(world, table);

/** All rows, as texts, in the order of the key. */
async function rowsOf(table: string) {
  const rows = await world.sql(
    `SELECT id, a::text AS a FROM ${table} ORDER BY id`,
  );
  return rows.map(({ id, a }) => `${id}:${a}`);
}

const kinds = [
  {
    what: 'COPY',
    statements: [
      'COPY t (id, a) FROM PROGRAM \'printf "9001,1\\n9002,2"\' WITH (FORMAT csv)',
    ],
  },
  {
    what: 'INSERT ON CONFLICT',
    statements: [
      "INSERT INTO t VALUES (1, '77'), (9003, '3') ON CONFLICT (id) DO UPDATE SET a = excluded.a",
    ],
  },
  {
    what: 'MERGE',
    statements: [
      `MERGE INTO t USING (VALUES (2, '8'), (9004, '4')) AS v(id, a) ON v.id = t.id
       WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (v.id, v.a)`,
    ],
  },
  {
    what: 'UPDATE of many rows',
    statements: ['UPDATE t SET a = (a::int + 1)::text WHERE id % 3 = 0'],
  },
  {
    what: 'UPDATE of the key',
    statements: ['UPDATE t SET id = 20000 + id WHERE id % 7 = 0'],
  },
  {
    what: 'DELETE and INSERT again',
    statements: [
      'BEGIN',
      'DELETE FROM t WHERE id BETWEEN 10 AND 60',
      "INSERT INTO t SELECT g, '9' FROM generate_series(30, 40) AS g",
      'SAVEPOINT s',
      'DELETE FROM t',
      'ROLLBACK TO s',
      'COMMIT',
    ],
  },
  {
    what: 'a replica',
    statements: [
      'SET session_replication_role = replica',
      "UPDATE t SET a = '5' WHERE id = 3",
      'RESET session_replication_role',
    ],
  },
  {
    what: 'VACUUM, after an UPDATE that left room',
    statements: ['UPDATE t SET a = a WHERE id < 200', 'VACUUM t'],
  },
];

describe('a write to the source', () => {
  it.each(kinds)(
    'G9: by $what gets into the new version, whenever it is made',
    async ({ statements }) => {
      const engine = world.engine();
      const moments = ['prepared', 'half copied', 'copied', 'verified'];
      for (const moment of moments) {
        await create('t');
        const migrationId = `at ${moment} ${statements[0]}`;
        const run = await world.run({
          table: 't',
          from,
          to,
          steps,
          migrationId,
        });
        await engine.fence(run);
        await engine.prepare(run);
        const upTo = {
          prepared: async () => {},
          'half copied': async () => {
            await engine.copyChunk(run);
          },
          copied: () => copy(engine, run),
          verified: async () => {
            await copy(engine, run);
            await engine.verify(run);
          },
        }[moment]!;
        await upTo();
        for (const statement of statements) {
          await world.sql(statement);
        }
        const written = await rowsOf('t');
        await migrate(engine, run);
        expect(await typeOf('t')).toBe('integer');
        expect(await rowsOf('t')).toEqual(written);
        await engine.cleanUp(run);
        await world.sql('DROP TABLE t');
        await world.sql('DELETE FROM skein.versions');
      }
    },
  );

  it('G9: gets over in a call of its own while the cut over waits', async () => {
    await create('waiting');
    const run = await world.run({ table: 'waiting', from, to, steps });
    const engine = world.engine();
    await copy(engine, run);
    await world.sql(`UPDATE waiting SET a = '1' WHERE id <= 300`);
    await expect(engine.catchUp(run)).resolves.toEqual({
      changes: 300,
      changesWaiting: 0,
    });
    await expect(engine.catchUp(run)).resolves.toMatchObject({ changes: 0 });
    await expect(engine.verify(run)).resolves.toMatchObject({ ok: true });
    await engine.cutOver(run);
    await expect(engine.catchUp(run)).resolves.toMatchObject({ changes: 0 });
  });

  it('G5: waits in the log while the rest is verified', async () => {
    await create('judged');
    const run = await world.run({ table: 'judged', from, to, steps });
    const engine = world.engine();
    await copy(engine, run);
    await world.sql(`UPDATE judged SET a = '1' WHERE id = 5`);
    await world.sql(`DELETE FROM judged WHERE id = 6`);
    await world.sql(`INSERT INTO judged VALUES (9001, '1')`);
    await expect(engine.verify(run)).resolves.toMatchObject({
      ok: true,
      sourceRows: 498,
      targetRows: 498,
    });
  });

  it.each`
    moment                    | call
    ${'while rows are moved'} | ${'copy'}
    ${'before the cut over'}  | ${'cutOver'}
  `(
    'G10: that does not fit the new version fails the migration $moment',
    async ({ call }) => {
      const table = `misfit_${call.toLowerCase()}`;
      await create(table);
      const run = await world.run({ table, from, to, steps });
      const engine = world.engine();
      if (call === 'cutOver') {
        await copy(engine, run);
      } else {
        await engine.fence(run);
        await engine.prepare(run);
      }
      await world.sql(`INSERT INTO ${table} VALUES (9001, 'secret')`);
      const failure = await (call === 'copy'
        ? copy(engine, run)
        : engine.cutOver(run)
      ).catch(error => error);
      expect(failure).toMatchObject({
        name: 'InputError',
        message: expect.stringContaining('1 value of a cannot be cast'),
      });
      expect(failure.message).not.toContain('secret');
      expect(await typeOf(table)).toBe('text');
    },
  );

  it('G9: is noted when rows cannot be told apart, and fails the migration', async () => {
    await world.sql('CREATE TABLE keyless (id integer, a text)');
    await world.sql(`INSERT INTO keyless VALUES (1, '1'), (1, '1'), (2, '2')`);
    const free = field('id', 'integer');
    const run = await world.run({
      table: 'keyless',
      from: [free, from[1]],
      to: [free, to[1]],
      steps,
    });
    const engine = world.engine();
    await copy(engine, run);
    await world.sql(`INSERT INTO keyless VALUES (3, '3')`);
    await expect(engine.cutOver(run)).rejects.toMatchObject({
      name: 'SourceChangedError',
      message: expect.stringContaining('was written'),
    });
    expect(await typeOf('keyless')).toBe('text');
    const again = { ...run, fence: 2 };
    await engine.fence(again);
    await engine.abandon(again);
    await migrate(engine, again);
    expect(await rowsOf('keyless')).toEqual(['1:1', '1:1', '2:2', '3:3']);
  });
});

describe('a change of the source', () => {
  it.each`
    what                      | statements
    ${'TRUNCATE'}             | ${['TRUNCATE written']}
    ${'CLUSTER'}              | ${['CLUSTER written USING written_pkey']}
    ${'VACUUM FULL'}          | ${['VACUUM FULL written']}
    ${'a new index'}          | ${['CREATE INDEX ON written (a)']}
    ${'a new column'}         | ${['ALTER TABLE written ADD c text']}
    ${'a dropped trigger'}    | ${['ALTER TABLE written DISABLE TRIGGER ALL']}
    ${'a new grant'}          | ${['GRANT SELECT ON written TO PUBLIC']}
    ${'a table in its place'} | ${['ALTER TABLE written RENAME TO written_before', 'CREATE TABLE written (LIKE written_before INCLUDING ALL)']}
  `('G9: by $what is noticed before the switch', async ({ statements }) => {
    await create('written');
    const run = await world.run({ table: 'written', from, to, steps });
    const engine = world.engine();
    await copy(engine, run);
    for (const statement of statements) {
      await world.sql(statement);
    }
    await expect(engine.cutOver(run)).rejects.toMatchObject({
      name: 'SourceChangedError',
    });
    expect(await typeOf('written')).toBe('text');
    await engine.abandon(run);
    await world.sql('DROP TABLE written');
    await world.sql('DROP TABLE IF EXISTS written_before');
  });
});

describe('writers', () => {
  it('do not wait for each other', async () => {
    await create('shared');
    const run = await world.run({ table: 'shared', from, to, steps });
    const engine = world.engine();
    await engine.fence(run);
    await engine.prepare(run);
    const other: Client = await World.connect(world.connectionString);
    try {
      await world.sql('BEGIN');
      await world.sql(`UPDATE shared SET a = '1' WHERE id = 1`);
      await other.query(`UPDATE shared SET a = '1' WHERE id = 2`);
      await world.sql('COMMIT');
    } finally {
      await other.end();
    }
    await copy(engine, run);
    await expect(engine.verify(run)).resolves.toMatchObject({ ok: true });
  });

  it('G9: are noticed with a snapshot that is older than a retry', async () => {
    await create('retried');
    const engine = world.engine();
    const first = await world.run({ table: 'retried', from, to, steps });
    await copy(engine, first);
    await world.sql(`UPDATE retried SET a = '7' WHERE id = 7`);
    const application = await World.connect(world.connectionString);
    try {
      await application.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await application.query('SELECT txid_current_snapshot()');
      const again = { ...first, fence: 2 };
      await engine.fence(again);
      await engine.abandon(again);
      await copy(engine, again);
      await application.query(`INSERT INTO retried VALUES (9001, '1')`);
      await application.query('COMMIT');
      await engine.cutOver(again);
    } finally {
      await application.end();
    }
    expect(await rowsOf('retried')).toHaveLength(501);
  });
});
