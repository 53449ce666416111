import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { Client } from 'pg';
import { castOfA, createCastable, typeOfA } from './__testUtils__/castOfA';
import { pauseBefore } from './__testUtils__/pausingPool';
import { until } from './__testUtils__/until';
import { Change, copy, migrate, World } from './__testUtils__/world';

let world: World;
let application: Client;

beforeAll(async () => {
  world = await World.create();
  application = await World.connect(world.connectionString);
  await application.query("SET application_name = 'ledger'");
});
afterEach(() => application.query('ROLLBACK'));
afterAll(async () => {
  await application.end();
  await world.dispose();
});

const { from, to, steps } = castOfA;

async function castable(table: string, change: Partial<Change> = {}) {
  await createCastable(world, table);
  const run = await world.run({ table, from, to, steps, ...change });
  const report = jest.fn();
  return { run: { ...run, report } as EngineRun, report };
}

/** Takes a snapshot that lasts, of other tables. */
async function takeSnapshot(isolation = 'REPEATABLE READ') {
  await application.query(`BEGIN ISOLATION LEVEL ${isolation}`);
  await application.query('SELECT count(*) FROM pg_class');
}

async function read(table: string) {
  const { rows } = await application.query(
    `SELECT count(*)::int AS rows, sum(a::int)::int AS sum FROM ${table}`,
  );
  return rows[0];
}

const told = (report: jest.Mock) => until(async () => report.mock.calls[0]);

const all = { rows: 500, sum: 125_250 };

describe('a transaction with an older snapshot', () => {
  it.each(['REPEATABLE READ', 'SERIALIZABLE'])(
    'G2: under %s finds all rows, whenever it comes to the table',
    async isolation => {
      const table = isolation.toLocaleLowerCase('en-US').replace(' ', '_');
      const { run, report } = await castable(table);
      const engine = world.engine();
      await takeSnapshot(isolation);
      await copy(engine, run);
      const switching = engine.cutOver(run);
      await Promise.race([told(report), switching]);
      await expect(read(table)).resolves.toEqual(all);
      await application.query('COMMIT');
      await switching;
      expect(report).toHaveBeenCalledWith(
        expect.stringMatching(
          /^Waits for a transaction of `ledger` \(pid \d+\), open for \d+ s, which/,
        ),
      );
      expect(await typeOfA(world, table)).toBe('integer');
      await expect(read(table)).resolves.toEqual(all);
    },
  );

  it('G2: sees the write that went over under the lock', async () => {
    const { run, report } = await castable('last');
    await copy(world.engine(), run);
    const pause = pauseBefore('LOCK TABLE');
    const switching = world.engine({ makePool: pause.makePool }).cutOver(run);
    await pause.reached;
    await world.sql(`UPDATE last SET a = '1001' WHERE id = 1`);
    await takeSnapshot();
    pause.resume();
    await Promise.race([told(report), switching]);
    await expect(read('last')).resolves.toEqual({ rows: 500, sum: 126_250 });
    await application.query('COMMIT');
    await switching;
    expect(await typeOfA(world, 'last')).toBe('integer');
  });

  it('G2: that came after the last write does not hold the switch up', async () => {
    const { run } = await castable('newer');
    await copy(world.engine(), run);
    const pause = pauseBefore('LOCK TABLE');
    const switching = world.engine({ makePool: pause.makePool }).cutOver(run);
    await pause.reached;
    await takeSnapshot();
    pause.resume();
    await switching;
    await expect(read('newer')).resolves.toEqual(all);
  });

  it('G2: that stays open fails the migration, and is named', async () => {
    const { run } = await castable('impatient');
    const engine = world.engine({ settings: { oldSnapshotSeconds: 1 } });
    await copy(engine, run);
    await takeSnapshot();
    const failure = await engine.cutOver(run).catch(error => error);
    expect(failure).toMatchObject({
      name: 'ConflictError',
      message: expect.stringMatching(
        /a transaction of `ledger` \(pid \d+\), open for \d+ s, a table without its last rows.*oldSnapshotSeconds: 1/,
      ),
    });
    expect(failure.message).not.toContain('pg_class');
    await expect(read('impatient')).resolves.toEqual(all);
    await application.query('COMMIT');
    await engine.cutOver(run);
    expect(await typeOfA(world, 'impatient')).toBe('integer');
  });

  it('is not waited for where the operator says so', async () => {
    const { run } = await castable('hasty');
    const engine = world.engine({ settings: { oldSnapshotSeconds: 0 } });
    await takeSnapshot();
    await copy(engine, run);
    await engine.cutOver(run);
    expect(await typeOfA(world, 'hasty')).toBe('integer');
    await expect(read('hasty')).resolves.toMatchObject({ rows: 0 });
  });

  it('lets a cancelled migration go at once', async () => {
    const controller = new AbortController();
    const { signal } = controller;
    const { run, report } = await castable('stopped', { signal });
    const engine = world.engine();
    await copy(engine, run);
    await takeSnapshot();
    const outcome = engine.cutOver(run).catch(error => error);
    await told(report);
    const reason = new Error('cancelled');
    controller.abort(reason);
    expect(await outcome).toBe(reason);
  });

  it('G8: finds what was written to the new version after a roll back', async () => {
    const { run, report } = await castable('returned');
    const engine = world.engine();
    await migrate(engine, run);
    await world.sql('UPDATE returned SET a = 1001 WHERE id = 1');
    await takeSnapshot();
    const returning = engine.rollback(run);
    await Promise.race([told(report), returning]);
    const written = { rows: 500, sum: 126_250 };
    await expect(read('returned')).resolves.toEqual(written);
    await application.query('COMMIT');
    await returning;
    expect(await typeOfA(world, 'returned')).toBe('text');
    await expect(read('returned')).resolves.toEqual(written);
  });

  it('G2: finds all rows after a retirement', async () => {
    const { run, report } = await castable('retiring', { policy: 'coexist' });
    const patient = world.engine();
    await copy(patient, run);
    await takeSnapshot();
    await world.engine({ settings: { oldSnapshotSeconds: 0 } }).cutOver(run);
    const retiring = patient.retire(run);
    await Promise.race([told(report), retiring]);
    await expect(read('retiring')).resolves.toEqual(all);
    await application.query('COMMIT');
    await retiring;
    expect(await typeOfA(world, 'retiring')).toBe('integer');
  });
});

describe('a switch waits for nobody', () => {
  it('who reads each statement anew, or runs one statement by itself', async () => {
    const { run } = await castable('committed');
    const engine = world.engine();
    await copy(engine, run);
    await takeSnapshot('READ COMMITTED');
    const other = await World.connect(world.connectionString);
    const [{ pid }] = (await other.query('SELECT pg_backend_pid() AS pid'))
      .rows;
    const sleeping = other.query('SELECT pg_sleep(3600)').catch(() => {});
    try {
      await until(
        async () =>
          (
            await world.sql(
              `SELECT FROM pg_stat_activity WHERE pid = $1 AND state = 'active' AND backend_xmin IS NOT NULL`,
              [pid],
            )
          ).length > 0,
      );
      await engine.cutOver(run);
    } finally {
      await world.sql('SELECT pg_cancel_backend($1)', [pid]);
      await sleeping;
      await other.end();
    }
    expect(await typeOfA(world, 'committed')).toBe('integer');
    await expect(read('committed')).resolves.toEqual(all);
  });

  it('when only metadata change', async () => {
    await world.sql('CREATE TABLE renamed (id integer PRIMARY KEY, a text)');
    await world.sql(`INSERT INTO renamed VALUES (1, 'x')`);
    const run = await world.run({
      table: 'renamed',
      from,
      to: [from[0], { ...from[1], name: 'b' }],
      steps: [{ agent: 'rename-field', payload: { from: 'a', to: 'b' } }],
    });
    const engine = world.engine();
    await copy(engine, run);
    await takeSnapshot();
    await engine.cutOver(run);
    const { rows } = await application.query('SELECT b FROM renamed');
    expect(rows).toEqual([{ b: 'x' }]);
  });
});
