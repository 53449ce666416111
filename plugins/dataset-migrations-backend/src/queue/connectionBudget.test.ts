import { mockServices } from '@backstage/backend-test-utils';
import knexFactory, { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { connectionOf } from '../__testUtils__/connectionOf';
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

  it('are warned of when the server has too few for all processes', async () => {
    const logger = mockServices.logger.mock();
    const warn = (processes: number) =>
      warnOfConnections({ knex: database(), logger, settings, processes });
    await warn(1);
    expect(logger.warn).not.toHaveBeenCalled();
    await warn(10_000);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringMatching(
        /^10000 processes may open \d+ connections \(\d+ each\), and PostgreSQL has \d+: lower/,
      ),
    );
  });

  describe('as a role that may create no schema', () => {
    const role = `limited_${randomBytes(6).toString('hex')}`;
    const schema = `boss_${role}`;
    let limited: Knex;

    beforeAll(async () => {
      const password = randomBytes(12).toString('hex');
      await database().raw(
        `CREATE ROLE ${role} LOGIN PASSWORD '${password}' NOCREATEDB NOCREATEROLE`,
      );
      limited = knexFactory({
        client: 'pg',
        connection: { ...connectionOf(database()), user: role, password },
      });
    });

    afterAll(async () => {
      await limited.destroy();
      await database().raw(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    });

    it('need a schema that an administrator made', async () => {
      await expect(testQueue(limited, { schema }).start()).rejects.toThrow(
        `CREATE SCHEMA ${schema} AUTHORIZATION ${role}`,
      );
      await database().raw(`CREATE SCHEMA ${schema} AUTHORIZATION ${role}`);
      const queue = testQueue(limited, { schema });
      await queue.start();
      await limited.transaction(trx =>
        queue.enqueue(trx, { task: 'deliver', deliveryId: '1' }, { key: 'a' }),
      );
      expect(await queue.stats()).toMatchObject({ depth: 1 });
      await queue.stop();
    });
  });
});
