import { Knex } from 'knex';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { testQueue, workOptions } from './__testUtils__/testQueue';
import { PgBossQueue } from './PgBossQueue';
import { JobHandler, JobPayload } from './types';

jest.setTimeout(120_000);

const slice = (sequence: number): JobPayload => ({
  task: 'advance',
  migrationId: 'm',
  sequence,
});

describe('a job that continues as another', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let queues: PgBossQueue[];

  beforeEach(() => {
    knex = database();
    queues = [];
  });

  afterEach(async () => {
    await Promise.all(queues.map(queue => queue.stop()));
  });

  /** Starts a worker, and enqueues the first slice if it is the first. */
  async function work(handler: JobHandler): Promise<PgBossQueue> {
    const queue = testQueue(knex, { shutdownSeconds: 5 });
    queues.push(queue);
    await queue.start();
    if (queues.length === 1) {
      await knex.transaction(trx =>
        queue.enqueue(trx, slice(0), { key: 'a', engine: 'memory' }),
      );
    }
    await queue.work(handler, { ...workOptions, slots: 1 });
    return queue;
  }

  it('G3: begins there after a crash', async () => {
    const runs: Array<[JobPayload, number]> = [];
    const queue = await work(async (payload, { retryCount, continueAs }) => {
      runs.push([payload, retryCount]);
      if (retryCount === 0) {
        await knex.transaction(trx => continueAs(trx, slice(1)));
        await knex.transaction(trx => continueAs(trx, slice(2)));
        throw new Error('killed');
      }
    });
    await poll('the second run', () => runs.length === 2);
    expect(runs).toEqual([
      [slice(0), 0],
      [slice(2), 1],
    ]);
    await poll('an empty queue', async () => {
      const { depth, running, failed } = await queue.stats();
      return depth + running + failed === 0;
    });
  });

  it('begins where it was when the transaction did not commit', async () => {
    const runs: JobPayload[] = [];
    await work(async (payload, { retryCount, continueAs }) => {
      runs.push(payload);
      if (retryCount === 0) {
        await knex.transaction(async trx => {
          await continueAs(trx, slice(1));
          throw new Error('killed');
        });
      }
    });
    await poll('the second run', () => runs.length === 2);
    expect(runs).toEqual([slice(0), slice(0)]);
  });

  it('G4: is refused to a worker that has lost the job', async () => {
    const runs: JobPayload[] = [];
    let refusal: Error | undefined;
    await work(async (payload, { jobId, continueAs }) => {
      runs.push(payload);
      if (runs.length > 1) {
        return;
      }
      // What the supervisor does to the job of a worker that looks dead.
      await knex
        .withSchema('dataset_migrations_boss')
        .from('job')
        .where({ id: jobId })
        .update({ state: 'retry', start_after: knex.fn.now() });
      refusal = await knex
        .transaction(trx => continueAs(trx, slice(1)))
        .catch(error => error);
      throw refusal;
    });
    await poll('the second run', () => runs.length === 2);
    expect(refusal?.name).toBe('ClaimLostError');
    expect(runs).toEqual([slice(0), slice(0)]);
  });

  it('is given back as what it is by then, with no retry used up', async () => {
    let continued = false;
    const first = await work(async (_, { signal, continueAs }) => {
      await knex.transaction(trx => continueAs(trx, slice(1)));
      continued = true;
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
      });
    });
    await poll('the first run', () => continued);
    const runs: Array<[JobPayload, number]> = [];
    await work(async (payload, { retryCount }) => {
      runs.push([payload, retryCount]);
    });
    await first.stop();
    await poll('the second run', () => runs.length === 1);
    expect(runs).toEqual([[slice(1), 0]]);
  });
});
