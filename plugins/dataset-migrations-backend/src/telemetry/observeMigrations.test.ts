import { randomUUID } from 'node:crypto';
import { flights, World } from '../__testUtils__/controlPlane';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { readMigrations } from './observeMigrations';

jest.setTimeout(120_000);

describe('readMigrations', () => {
  const database = useTestDatabase();

  it('finds the migration at work that has been quiet the longest', async () => {
    const knex = database();
    const worker = await new World(knex).worker({ slots: 0 });
    const { id } = await worker.start();
    const quietFor = (state: string, ago: string) =>
      knex('migrations')
        .where({ id })
        .update({ state, updated_at: knex.raw('now() - ?::interval', [ago]) });

    // What waits is the queue's to tell, what is over nobody's.
    for (const state of ['queued', 'blocked', 'succeeded']) {
      await quietFor(state, '1 day');
      expect((await readMigrations(knex)).quietSeconds).toBe(0);
    }
    for (const state of ['running', 'cancelling', 'rolling-back']) {
      await quietFor(state, '1 hour');
      const { quietSeconds } = await readMigrations(knex);
      expect(Math.floor(quietSeconds / 3600)).toBe(1);
    }
    await worker.plane.stop();
  });

  it('G7: counts the notifications that were given up', async () => {
    const knex = database();
    const worker = await new World(knex).worker({ slots: 0 });
    const { id } = await worker.start();
    await knex('deliveries').insert(
      ['dead', 'dead', 'pending', 'delivered'].map((state, occurrence) => ({
        id: randomUUID(),
        migration_id: id,
        dataset_ref: flights,
        consumer_ref: 'component:default/board',
        kind: 'webhook',
        event_type: 'test',
        target: 'https://example.com/hook',
        occurrence,
        body: '{}',
        state,
      })),
    );
    expect((await readMigrations(knex)).deadDeliveries).toBe(2);
    await worker.plane.stop();
  });
});
