import { TestDatabases } from '@backstage/backend-test-utils';
import { poll } from '../__testUtils__/poll';
import { dataset, startBackend } from '../__testUtils__/testBackend';

jest.setTimeout(180_000);

describe('the backlog of campaigns', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

  it('brings workers up from none, and enqueues nothing before', async () => {
    const knex = await databases.init('POSTGRES_18');
    const backend = await startBackend({
      knex,
      config: { queue: { slots: 0 } },
    });
    try {
      await backend.publish(['a', 'b', 'c'].map(name => dataset(name)));
      const api = backend.as('grace');
      const { id } = await api.campaigns.create({
        title: 'At night',
        selection: { query: {} },
        autoStart: true,
        limits: { maxInFlight: 2 },
      });
      await poll('what could be started', async () => {
        return (await api.getQueueStatus()).eligibleBacklog === 2;
      });
      expect((await api.campaigns.get(id)).counts).toMatchObject({
        waiting: 3,
        active: 0,
      });
      // As a scaler asks PostgreSQL for it.
      const { rows } = await knex.raw(
        'SELECT "dataset-migrations".dataset_migrations_eligible_backlog() AS backlog',
      );
      expect(rows[0].backlog).toBe(2);
      await api.campaigns.act(id, 'pause');
      expect((await api.getQueueStatus()).eligibleBacklog).toBe(0);
    } finally {
      await backend.stop();
    }
  });
});
