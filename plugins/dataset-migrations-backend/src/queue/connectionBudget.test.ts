import { mockServices } from '@backstage/backend-test-utils';
import { createLimitedRole, LimitedRole } from '../__testUtils__/limitedRole';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { testQueue } from './__testUtils__/testQueue';
import { queuePoolSize, warnOfConnections } from './connectionBudget';
import { readQueueSettings } from './settings';

jest.setTimeout(120_000);

const settings = readQueueSettings(mockServices.rootConfig());

describe('the connections of the queue', () => {
  const database = useTestDatabase();

  it('grow slower than the slots', () => {
    expect(queuePoolSize(settings)).toBe(5);
    expect(queuePoolSize({ ...settings, slots: 100 })).toBe(29);
  });

  it('are warned of when the server has too few for all workers', async () => {
    const logger = mockServices.logger.mock();
    const warn = (workers: number) =>
      warnOfConnections({ knex: database(), logger, settings, workers });
    await warn(1);
    expect(logger.warn).not.toHaveBeenCalled();
    await warn(10_000);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringMatching(
        /^10000 workers may open \d+ connections \(\d+ each\), portals not counted, and PostgreSQL has \d+: lower/,
      ),
    );
  });

  describe('as a role that may create no schema', () => {
    let role: LimitedRole;

    beforeAll(async () => {
      role = await createLimitedRole(database());
    });

    afterAll(() => role.drop());

    it('need a schema that an administrator made', async () => {
      const { name, knex } = role;
      const schema = `boss_${name}`;
      await expect(testQueue(knex, { schema }).start()).rejects.toThrow(
        `CREATE SCHEMA ${schema} AUTHORIZATION ${name}`,
      );
      await database().raw(`CREATE SCHEMA ${schema} AUTHORIZATION ${name}`);
      const queue = testQueue(knex, { schema });
      await queue.start();
      await knex.transaction(trx =>
        queue.enqueue(trx, { task: 'deliver', deliveryId: '1' }, { key: 'a' }),
      );
      expect(await queue.stats()).toMatchObject({ depth: 1 });
      await queue.stop();
    });
  });
});
