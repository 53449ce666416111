import { Client } from 'pg';
import { castOfA, createCastable, typeOfA } from './__testUtils__/castOfA';
import { doom } from './__testUtils__/doomedPool';
import { pauseBefore } from './__testUtils__/pausingPool';
import { until } from './__testUtils__/until';
import { copy, migrate, World } from './__testUtils__/world';

let world: World;
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
const create = (table: string, rows?: number) =>
  createCastable(world, table, { rows, storage: 'WITH (fillfactor = 10)' });
const typeOf = (table: string) => typeOfA(world, table);

/** Asked by a connection of its own: a transaction sees one state only. */
async function activity(condition: string) {
  const { rows } = await watcher.query(
    `SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND ${condition}`,
  );
  return rows;
}

describe('a worker that is paused', () => {
  it.each`
    where               | statement        | call
    ${'inside a chunk'} | ${'INSERT INTO'} | ${'copyChunk'}
    ${'at its commit'}  | ${'COMMIT'}      | ${'copyChunk'}
    ${'at the switch'}  | ${'LOCK TABLE'}  | ${'cutOver'}
    ${'at its commit'}  | ${'COMMIT'}      | ${'cutOver'}
    ${'at its commit'}  | ${'COMMIT'}      | ${'prepare'}
  `(
    'G4: $where of $call changes nothing once it goes on',
    async ({ where, statement, call }) => {
      const table = `paused_${call}_${where}`.toLowerCase().replace(/\W/g, '_');
      await create(table);
      const run = await world.run({ table, from, to, steps });
      const healthy = world.engine();
      const pause = pauseBefore(statement);
      const paused = world.engine({ makePool: pause.makePool });

      await healthy.fence(run);
      if (call !== 'prepare') {
        await healthy.prepare(run);
      }
      if (call === 'cutOver') {
        await copy(healthy, run);
      }
      const outcome = (paused as any)[call](run).then(
        () => 'it wrote',
        (error: Error) => error,
      );
      await pause.reached;
      const taken = { ...run, fence: 2 };
      await healthy.fence(taken);
      const phase = await healthy.phase(taken);
      pause.resume();
      expect(await outcome).not.toBe('it wrote');
      expect(await healthy.phase(taken)).toBe(phase);
      expect(await typeOf(table)).toBe('text');

      await migrate(healthy, taken);
      expect(await typeOf(table)).toBe('integer');
      await expect(
        world.sql(`SELECT count(*)::int, sum(a)::int FROM ${table}`),
      ).resolves.toEqual([{ count: 500, sum: 125250 }]);
    },
  );
});

describe('a worker that is killed', () => {
  it('G3: loses nothing whichever statement was its last', async () => {
    // Statements of a long way, picked as a seeded walk over it.
    let step = 7;
    let dead = true;
    for (let round = 0; dead; round += 1) {
      const table = `killed_${round}`;
      await create(table, 60);
      const run = await world.run({ table, from, to, steps });
      const { makePool, dead: isDead } = doom(step, { every: true });
      const doomed = world.engine({ makePool, settings: { chunkRows: 10 } });
      await migrate(doomed, run).catch(() => {});
      dead = isDead();
      await doomed.close().catch(() => {});
      const successor = world.engine();
      const taken = { ...run, fence: 2 };
      await successor.fence(taken);
      if ((await successor.phase(taken)) !== 'cut-over') {
        await migrate(successor, taken);
      }
      await expect(
        world.sql(`SELECT count(*)::int, sum(a)::int FROM ${table}`),
      ).resolves.toEqual([{ count: 60, sum: 1830 }]);
      step = step + 1 + ((step * 7919) % 23);
    }
    expect(step).toBeGreaterThan(150);
  });
});

describe('a cancelled call', () => {
  it('stops the statement that runs, and leaves no session behind', async () => {
    await create('cancelled');
    const controller = new AbortController();
    const run = await world.run({
      table: 'cancelled',
      from,
      to,
      steps,
      signal: controller.signal,
    });
    const engine = world.engine();
    await engine.fence(run);
    await engine.prepare(run);
    await world.sql('BEGIN');
    await world.sql('LOCK TABLE cancelled IN ACCESS EXCLUSIVE MODE');
    const call = engine.copyChunk(run);
    const outcome = call.catch(error => error);
    await until(
      async () =>
        (
          await activity(
            `wait_event_type = 'Lock' AND query LIKE 'LOCK%ACCESS SHARE%'`,
          )
        ).length > 0,
    );
    const reason = new Error('Enough');
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    await until(
      async () =>
        (
          await activity(`state <> 'idle' AND query LIKE 'LOCK%ACCESS SHARE%'`)
        ).length === 0,
    );
    await world.sql('ROLLBACK');
    await migrate(engine, { ...run, signal: new AbortController().signal });
    expect(await typeOf('cancelled')).toBe('integer');
  });
});

describe('the switch', () => {
  it('waits for readers in small steps and holds nobody up', async () => {
    await create('busy');
    const run = await world.run({ table: 'busy', from, to, steps });
    const engine = world.engine();
    await copy(engine, run);
    await world.sql('BEGIN');
    await world.sql('SELECT count(*) FROM busy');
    let switched = false;
    const call = engine.cutOver(run).then(() => {
      switched = true;
    });
    const debug = run.logger.debug as jest.Mock;
    await until(async () => debug.mock.calls.length >= 3);
    expect(switched).toBe(false);
    // A new reader gets through while the switch waits.
    const other = world.engine();
    await expect(other.inspect(run.location)).resolves.toMatchObject({
      exists: true,
    });
    await world.sql('COMMIT');
    await call;
    expect(await typeOf('busy')).toBe('integer');
  });
});
