import { Client } from 'pg';
import { castOfA, createCastable, typeOfA } from '../__testUtils__/castOfA';
import { until } from '../__testUtils__/until';
import { copy, migrate, World } from '../__testUtils__/world';
import { defaultLimits, ThrottleLimits } from './Limits';
import { reasonToWait } from './throttle';

let world: World;
const clients: Client[] = [];

beforeAll(async () => {
  world = await World.create();
});
afterAll(async () => {
  await Promise.all(clients.map(client => client.end()));
  await world.dispose();
});

function engineWith(throttle: Partial<ThrottleLimits>) {
  const { connections } = world.settings();
  return world.engine({
    settings: {
      connections: connections.map(connection => ({
        ...connection,
        throttle: { ...defaultLimits, ...throttle },
      })),
    },
  });
}

/** A session holds what the statement takes, others wait for the same. */
async function queueFor(statement: string, waiters: number) {
  const [holder, ...others] = await Promise.all(
    Array.from({ length: waiters + 1 }, () =>
      World.connect(world.connectionString),
    ),
  );
  clients.push(holder, ...others);
  await holder.query('BEGIN');
  await holder.query(statement);
  const waiting = others.map(client =>
    client.query(`BEGIN; ${statement}; COMMIT`),
  );
  await until(async () => {
    const [{ count }] = await world.sql(
      `SELECT count(*)::int FROM pg_locks WHERE NOT granted
       AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return count === waiters;
  });
  return async () => {
    await holder.query('ROLLBACK');
    await Promise.all(waiting);
  };
}

describe('a server with enough to do', () => {
  const { from, to, steps } = castOfA;

  it('makes copying wait while sessions queue for the table, and says so', async () => {
    await createCastable(world, 'queued');
    const run = await world.run({ table: 'queued', from, to, steps });
    const engine = engineWith({ lockWaiters: 1 });
    await engine.fence(run);
    await engine.prepare(run);
    const release = await queueFor('LOCK TABLE queued', 2);
    await expect(engine.copyChunk(run)).resolves.toEqual(
      expect.objectContaining({
        done: false,
        rows: 0,
        rowsDone: 0,
        throttledBy: '2 sessions wait for a lock of the table, more than 1',
      }),
    );
    await release();
    const next = await engine.copyChunk(run);
    expect(next.throttledBy).toBeUndefined();
    expect(next.rows).toBeGreaterThan(0);
    await migrate(engine, run);
    expect(await typeOfA(world, 'queued')).toBe('integer');
  });

  it('G9: makes the writes of a complete copy wait, and loses none', async () => {
    await createCastable(world, 'late');
    const run = await world.run({ table: 'late', from, to, steps });
    const engine = engineWith({ lockWaiters: 0 });
    await copy(engine, run);
    await world.sql("UPDATE late SET a = '7' WHERE id = 1");
    const release = await queueFor('LOCK TABLE late', 1);
    await expect(engine.catchUp(run)).resolves.toEqual({
      changes: 0,
      changesWaiting: 1,
    });
    await release();
    await expect(engine.catchUp(run)).resolves.toEqual({
      changes: 1,
      changesWaiting: 0,
    });
  });

  it('makes copying wait while too many sessions are active', async () => {
    await createCastable(world, 'busy');
    const run = await world.run({ table: 'busy', from, to, steps });
    await world.engine().fence(run);
    await world.engine().prepare(run);
    const release = await queueFor('SELECT pg_advisory_xact_lock(1)', 2);
    const engine = engineWith({ activeSessions: 1 });
    await expect(engine.copyChunk(run)).resolves.toMatchObject({
      rows: 0,
      throttledBy: expect.stringMatching(
        /^\d+ sessions are active on the server, more than 1$/,
      ),
    });
    const patient = await engineWith({ activeSessions: 1_000 }).copyChunk(run);
    expect(patient.rows).toBeGreaterThan(0);
    await release();
  });

  it('lets a cancelled migration go at once', async () => {
    await createCastable(world, 'cancelled');
    const controller = new AbortController();
    const run = await world.run({
      table: 'cancelled',
      from,
      to,
      steps,
      signal: controller.signal,
    });
    const engine = engineWith({ lockWaiters: 0 });
    await engine.fence(run);
    await engine.prepare(run);
    const release = await queueFor('LOCK TABLE cancelled', 1);
    const outcome = engine.copyChunk(run).catch(error => error);
    const said = jest.mocked(run.logger.debug);
    await until(async () =>
      said.mock.calls.some(([message]) => message.includes('waits: 1 session')),
    );
    const reason = new Error('cancelled');
    controller.abort(reason);
    expect(await outcome).toBe(reason);
    await release();
  });
});

describe('a standby', () => {
  const idle = { lockWaiters: 0, activeSessions: 0 };
  const standby = (secondsBehind: number) => ({
    ...idle,
    standby: { name: 'replica-1', secondsBehind, bytesBehind: 3e7 },
  });

  it.each`
    what                     | load             | reason
    ${'that is not there'}   | ${idle}          | ${undefined}
    ${'that is near enough'} | ${standby(10)}   | ${undefined}
    ${'that is behind'}      | ${standby(13.6)} | ${'the standby `replica-1` is 14 s (29 MB) behind, more than 10 s'}
  `('$what: $reason', ({ load, reason }) => {
    expect(reasonToWait(load, defaultLimits)).toBe(reason);
  });
});
