import { Client } from 'pg';
import { castOfA, createCastable, typeOfA } from './__testUtils__/castOfA';
import { pauseBefore } from './__testUtils__/pausingPool';
import { until } from './__testUtils__/until';
import { copy, World } from './__testUtils__/world';

let world: World;
let application: Client;
/** Asked by a connection of its own: a transaction sees one state only. */
let watcher: Client;

beforeAll(async () => {
  world = await World.create();
  application = await World.connect(world.connectionString);
  watcher = await World.connect(world.connectionString);
});
afterAll(async () => {
  await application.end();
  await watcher.end();
  await world.dispose();
});

const { from, to, steps } = castOfA;

/** A run whose rows are copied, and whose worker stops where it is told. */
async function copied(table: string, stopAt: string) {
  await createCastable(world, table);
  const run = await world.run({ table, from, to, steps });
  const healthy = world.engine();
  await copy(healthy, run);
  const pause = pauseBefore(stopAt);
  const stepped = world.engine({ makePool: pause.makePool });
  return { run, healthy, stepped, pause };
}

async function rowsOf(table: string, where: string) {
  const { rows } = await watcher.query(
    `SELECT id, a::text AS a FROM ${table} WHERE ${where} ORDER BY id`,
  );
  return rows;
}

async function somebodyWaits() {
  await until(
    async () =>
      (
        await watcher.query(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        )
      ).rows.length > 0,
  );
}

describe('an application and a worker, step by step', () => {
  it('G9: a write that commits after its neighbours were brought over is not forgotten', async () => {
    const { run, healthy } = await copied('late', 'never');
    await application.query('BEGIN');
    await application.query(`UPDATE late SET a = '1000' WHERE id = 1`);
    await world.sql(`UPDATE late SET a = '2000' WHERE id = 2`);
    await expect(healthy.catchUp(run)).resolves.toMatchObject({ changes: 1 });
    await application.query('COMMIT');
    await expect(healthy.catchUp(run)).resolves.toMatchObject({ changes: 1 });
    await healthy.cutOver(run);
    await expect(rowsOf('late', 'id < 3')).resolves.toEqual([
      { id: 1, a: '1000' },
      { id: 2, a: '2000' },
    ]);
  });

  it.each`
    what         | table            | statement
    ${'changed'} | ${'rewritten'}   | ${"UPDATE rewritten SET a = '3' WHERE id = 1"}
    ${'deleted'} | ${'resurrected'} | ${'DELETE FROM resurrected WHERE id = 1'}
    ${'moved'}   | ${'renumbered'}  | ${'UPDATE renumbered SET id = 9001 WHERE id = 1'}
  `(
    'G9: a row that is $what between its entry and its reading ends as it was left',
    async ({ table, statement }) => {
      const { run, healthy, stepped, pause } = await copied(
        table,
        'INSERT INTO "skein_',
      );
      await world.sql(`UPDATE ${table} SET a = '2' WHERE id = 1`);
      const catching = stepped.catchUp(run);
      await pause.reached;
      await application.query(statement);
      pause.resume();
      await catching;
      await healthy.cutOver(run);
      const [{ rows, sum }] = await world.sql(
        `SELECT count(*)::int AS rows, sum(a)::int AS sum FROM ${table}`,
      );
      const expected = {
        rewritten: { rows: 500, sum: 125250 - 1 + 3 },
        resurrected: { rows: 499, sum: 125250 - 1 },
        renumbered: { rows: 500, sum: 125250 - 1 + 2 },
      };
      expect({ rows, sum }).toEqual(expected[table as keyof typeof expected]);
    },
  );

  it('G9: a row that is deleted while a chunk holds it does not come back', async () => {
    await createCastable(world, 'held');
    const run = await world.run({ table: 'held', from, to, steps });
    const healthy = world.engine();
    await healthy.fence(run);
    await healthy.prepare(run);
    const chunk = pauseBefore('UPDATE skein.lanes');
    const stepped = world.engine({ makePool: chunk.makePool });
    const copying = stepped.copyChunk(run);
    await chunk.reached;
    await application.query('DELETE FROM held WHERE id <= 100');
    await application.query(`UPDATE held SET a = a WHERE id > 400`);
    chunk.resume();
    await copying;
    await copy(healthy, run);
    await expect(healthy.verify(run)).resolves.toMatchObject({ ok: true });
    await healthy.cutOver(run);
    const [{ rows }] = await world.sql(
      'SELECT count(*)::int AS rows FROM held',
    );
    expect(rows).toBe(400);
  });

  it('G9: a row that moves from one half to the other is there once', async () => {
    await createCastable(world, 'wandering');
    const run = await world.run({ table: 'wandering', from, to, steps });
    const engine = world.engine();
    await engine.fence(run);
    await engine.prepare(run);
    await engine.copyChunk(run);
    // Every row gets a new place behind all others; VACUUM frees the old ones.
    await world.sql('UPDATE wandering SET a = a');
    await world.sql('VACUUM wandering');
    await engine.copyChunk(run);
    await world.sql('UPDATE wandering SET a = a');
    await copy(engine, run);
    await expect(engine.verify(run)).resolves.toMatchObject({
      ok: true,
      targetRows: 500,
    });
  });

  it('G9: the switch waits for an open transaction, and takes its writes along', async () => {
    const { run, healthy } = await copied('awaited', 'never');
    await application.query('BEGIN');
    await application.query(`UPDATE awaited SET a = '1000' WHERE id = 1`);
    const switching = healthy.cutOver(run);
    await somebodyWaits();
    await application.query(`INSERT INTO awaited VALUES (9001, '5')`);
    await application.query('COMMIT');
    await switching;
    expect(await typeOfA(world, 'awaited')).toBe('integer');
    await expect(rowsOf('awaited', 'id IN (1, 9001)')).resolves.toEqual([
      { id: 1, a: '1000' },
      { id: 9001, a: '5' },
    ]);
  });

  it('G9: a statement that waits behind the switch writes the new version', async () => {
    const { run, stepped, pause } = await copied('behind', 'DROP TRIGGER');
    const switching = stepped.cutOver(run);
    await pause.reached;
    const written = application.query(`UPDATE behind SET a = a WHERE id = 1`);
    const inserted = world.sql(`INSERT INTO behind (id) VALUES (9001)`);
    await somebodyWaits();
    pause.resume();
    await Promise.all([switching, written, inserted]);
    expect(await typeOfA(world, 'behind')).toBe('integer');
    await expect(rowsOf('behind', 'id = 9001')).resolves.toEqual([
      { id: 9001, a: null },
    ]);
    await stepped.rollback(run);
    await expect(rowsOf('behind', 'id = 9001')).resolves.toEqual([
      { id: 9001, a: null },
    ]);
  });

  it('G9: more than the lock is held for goes over before it is taken again', async () => {
    const { run, stepped, pause } = await copied('flooded', 'LOCK TABLE');
    const switching = stepped.cutOver(run);
    await pause.reached;
    await application.query(
      `INSERT INTO flooded SELECT g, 1 FROM generate_series(9001, 12000) AS g`,
    );
    pause.resume();
    await switching;
    expect(await typeOfA(world, 'flooded')).toBe('integer');
    await expect(rowsOf('flooded', 'id > 9000')).resolves.toHaveLength(3_000);
  });

  it('G8: a write during the roll back that saw its key in the log is not forgotten', async () => {
    const { run, healthy, stepped, pause } = await copied(
      'homeward',
      'LOCK TABLE',
    );
    await healthy.cutOver(run);
    await world.sql('UPDATE homeward SET a = 7 WHERE id = 1');
    const returning = stepped.rollback(run);
    await pause.reached;
    await application.query('BEGIN');
    await application.query('UPDATE homeward SET a = 8 WHERE id = 1');
    pause.resume();
    await somebodyWaits();
    await application.query('COMMIT');
    await returning;
    await expect(rowsOf('homeward', 'id = 1')).resolves.toEqual([
      { id: 1, a: '8' },
    ]);
  });
});
