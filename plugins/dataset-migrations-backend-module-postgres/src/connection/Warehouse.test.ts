import { Pool } from 'pg';
import { mockLogger } from '@skein/backstage-plugin-dataset-migrations-node/testUtils';
import { until } from '../__testUtils__/until';
import { World } from '../__testUtils__/world';
import { Warehouse } from './Warehouse';

let world: World;

beforeAll(async () => {
  world = await World.create();
});
afterAll(() => world.dispose());

describe('the connections of a warehouse', () => {
  it('are no more than it may open, and one is left to cancel what the others do', async () => {
    const maxConnections = 3;
    const [{ name, connection, ...limits }] = world.settings().connections;
    let open = 0;
    let most = 0;
    const warehouse = new Warehouse(name, connection, {
      ...limits,
      maxConnections,
      logger: mockLogger(),
      makePool: config =>
        new Pool(config)
          .on('connect', () => {
            most = Math.max(most, ++open);
          })
          .on('remove', () => open--),
    });
    const stopped = new AbortController();
    const { signal } = stopped;
    const work = Array.from({ length: maxConnections }, () =>
      warehouse.query('SELECT pg_sleep(600)', [], { signal }),
    );
    const outcomes = Promise.allSettled(work);
    await until(async () => {
      const [{ asleep }] = await world.sql(
        `SELECT count(*)::int AS asleep FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event = 'PgSleep'`,
      );
      return asleep === maxConnections - 1;
    });

    stopped.abort(new Error('enough'));
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ reason: { message: 'enough' } });
    }
    await warehouse.close();
    expect(most).toBe(maxConnections);
  });
});
