import { Client } from 'pg';
import { castOfA, createCastable, typeOfA } from './__testUtils__/castOfA';
import { until } from './__testUtils__/until';
import { copy, migrate, World } from './__testUtils__/world';

let world: World;
/** A connection of its own: a transaction sees one state only. */
let watcher: Client;

beforeAll(async () => {
  world = await World.create();
  watcher = await World.connect(world.connectionString);
});
afterAll(async () => {
  await watcher.end();
  await world.dispose();
});

const { from, to, steps } = castOfA;
const create = (table: string) => createCastable(world, table);
const typeOf = (table: string) => typeOfA(world, table);

describe('a write to the source', () => {
  it.each`
    what                      | statements
    ${'COPY'}                 | ${["COPY written (id, a) FROM PROGRAM 'echo 9001,1' WITH (FORMAT csv)"]}
    ${'INSERT ON CONFLICT'}   | ${["INSERT INTO written VALUES (1, '77') ON CONFLICT (id) DO UPDATE SET a = excluded.a"]}
    ${'MERGE'}                | ${['MERGE INTO written USING (VALUES (2)) AS v(id) ON v.id = written.id WHEN MATCHED THEN DELETE']}
    ${'a replica'}            | ${['SET session_replication_role = replica', "UPDATE written SET a = '5' WHERE id = 3", 'RESET session_replication_role']}
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

  it.each`
    what                           | table           | statements
    ${'an UPDATE of no row'}       | ${'calm_one'}   | ${["UPDATE calm_one SET a = '1' WHERE id = -1"]}
    ${'a transaction rolled back'} | ${'calm_two'}   | ${['BEGIN', 'DELETE FROM calm_two', 'ROLLBACK']}
    ${'VACUUM and ANALYZE'}        | ${'calm_three'} | ${['VACUUM calm_three', 'ANALYZE calm_three']}
  `('$what is none', async ({ table, statements }) => {
    await create(table);
    const run = await world.run({ table, from, to, steps });
    const engine = world.engine();
    await copy(engine, run);
    for (const statement of statements) {
      await world.sql(statement);
    }
    await engine.cutOver(run);
    expect(await typeOf(table)).toBe('integer');
  });

  it('is noted without making writers wait for each other', async () => {
    await create('shared');
    const run = await world.run({ table: 'shared', from, to, steps });
    const engine = world.engine();
    await engine.fence(run);
    await engine.prepare(run);
    await world.sql('BEGIN');
    await world.sql(`UPDATE shared SET a = '1' WHERE id = 1`);
    const other = await World.connect(world.connectionString);
    await other.query(`UPDATE shared SET a = '1' WHERE id = 2`);
    await other.end();
    await world.sql('COMMIT');
    await expect(engine.copyChunk(run)).rejects.toMatchObject({
      name: 'SourceChangedError',
    });
  });

  it('G9: is noted from a snapshot that still sees an earlier try', async () => {
    await create('retried');
    const engine = world.engine();
    const first = await world.run({ table: 'retried', from, to, steps });
    await copy(engine, first);
    await world.sql(`UPDATE retried SET a = '7' WHERE id = 7`);
    await expect(engine.cutOver(first)).rejects.toThrow('was written');

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
      await expect(engine.cutOver(again)).rejects.toMatchObject({
        name: 'SourceChangedError',
      });
    } finally {
      await application.end();
    }
    expect(await typeOf('retried')).toBe('text');
  });
});

describe('a write to the new version', () => {
  it('G8: is waited for by a roll back, beside the old version too', async () => {
    await create('twofold');
    const run = await world.run({
      table: 'twofold',
      from,
      to,
      steps,
      policy: 'coexist',
    });
    const engine = world.engine();
    await migrate(engine, run);
    const [{ shadow }] = await world.sql(
      `SELECT quote_ident(n.nspname) || '.twofold' AS shadow FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
       WHERE c.relname = 'twofold' AND n.nspname LIKE 'skein\\_%\\_next'`,
    );
    await world.sql('BEGIN');
    await world.sql(`INSERT INTO ${shadow} VALUES (9001, 1)`);
    const outcome = engine.rollback(run).catch(error => error);
    await until(
      async () =>
        (
          await watcher.query(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          )
        ).rows.length > 0,
    );
    await world.sql('COMMIT');
    expect(await outcome).toMatchObject({
      name: 'ConflictError',
      message: expect.stringContaining('was written since it was published'),
    });
    await expect(
      world.sql(`SELECT a FROM ${shadow} WHERE id = 9001`),
    ).resolves.toEqual([{ a: 1 }]);
  });
});
