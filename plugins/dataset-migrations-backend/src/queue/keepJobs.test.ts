import { fromKnex } from 'pg-boss';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { testQueue, workOptions } from './__testUtils__/testQueue';
import { keepJobs } from './keepJobs';
import { queueName } from './names';

jest.setTimeout(120_000);

const SCHEMA = 'dataset_migrations_boss';

describe('keepJobs', () => {
  const database = useTestDatabase();

  it('G4: keeps the jobs of all queues, each in the attempt that was given', async () => {
    const knex = database();
    const queue = testQueue(knex, { shutdownSeconds: 1 });
    await queue.start();
    const held: Array<{ queue: string; id: string; retryCount: number }> = [];
    await queue.work(({ task }, { jobId, retryCount, signal }) => {
      const name = queueName(task, task === 'advance' ? 'memory' : undefined);
      held.push({ queue: name, id: jobId, retryCount });
      return new Promise((_, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    }, workOptions);
    await knex.transaction(trx =>
      queue.enqueueAll(trx, [
        ...['a', 'b'].map(key => ({
          payload: { task: 'advance', migrationId: key, sequence: 0 } as const,
          key,
          engine: 'memory',
        })),
        { payload: { task: 'deliver', deliveryId: 'c' } as const, key: 'c' },
      ]),
    );
    await poll('all jobs', () => held.length === 3);

    const jobs = () => knex.withSchema(SCHEMA).from('job');
    const other = held.find(job => job.queue.includes('advance'))!;
    await jobs().where({ id: other.id }).update({ retry_count: 1 });
    await jobs().update({ heartbeat_on: knex.raw(`now() - interval '5s'`) });
    const kept = await keepJobs(fromKnex(knex), { schema: SCHEMA, jobs: held });
    const own = held.filter(job => job !== other).map(({ id }) => id);
    expect([...kept].sort()).toEqual(own.sort());
    expect(
      await jobs()
        .where({ id: other.id })
        .whereRaw(`heartbeat_on < now() - interval '4s'`),
    ).toHaveLength(1);
    await queue.stop();
  });
});
