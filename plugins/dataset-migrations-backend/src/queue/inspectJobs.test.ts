import { Knex } from 'knex';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { testQueue } from './__testUtils__/testQueue';
import { DEAD_QUEUE } from './names';
import { PgBossQueue } from './PgBossQueue';

jest.setTimeout(120_000);

const schema = 'dataset_migrations_boss';

describe('queueStats', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let queue: PgBossQueue;

  beforeEach(async () => {
    knex = database();
    queue = testQueue(knex);
    await queue.start();
  });

  afterEach(() => queue.stop());

  const enqueue = (
    engine: string,
    jobs: number,
    startAfterSeconds = 0,
  ): Promise<void> =>
    knex.transaction(trx =>
      queue.enqueueAll(
        trx,
        Array.from({ length: jobs }, (_, job) => ({
          payload: { task: 'advance', migrationId: `${job}`, sequence: 0 },
          key: `${engine} ${job} ${startAfterSeconds}`,
          engine,
          startAfterSeconds,
        })),
      ),
    );

  /** As if a job that is due had come so far. */
  const change = (engine: string, job: number, columns: object) =>
    knex
      .withSchema(schema)
      .from('job')
      .where({ singleton_key: `${engine} ${job} 0` })
      .update(columns);

  it('counts nothing in an empty queue', async () => {
    expect(await queue.stats()).toEqual({
      depth: 0,
      eligibleBacklog: 0,
      oldestAgeSeconds: 0,
      running: 0,
      failed: 0,
    });
  });

  it('counts the jobs of every queue by what becomes of them', async () => {
    await enqueue('memory', 6);
    await enqueue('files', 3);
    await enqueue('files', 2, 3600);
    const ago = (seconds: number) =>
      knex.raw('now() - make_interval(secs => ?)', [seconds]);
    await change('memory', 0, { state: 'active', start_after: ago(9000) });
    await change('memory', 1, { state: 'failed', start_after: ago(9000) });
    await change('memory', 2, { state: 'completed', start_after: ago(9000) });
    await change('memory', 3, { state: 'retry', start_after: ago(500) });
    await change('files', 0, { start_after: ago(300) });
    const stats = await queue.stats();
    expect(stats).toMatchObject({
      depth: 8,
      eligibleBacklog: 6,
      running: 1,
      failed: 1,
    });
    expect(Math.floor(stats.oldestAgeSeconds / 100)).toBe(5);
  });

  it('leaves out the dead letters, which are told of as failed', async () => {
    await knex
      .withSchema(schema)
      .from('job')
      .insert({ name: DEAD_QUEUE, data: {}, policy: 'standard' });
    expect(await queue.stats()).toMatchObject({ depth: 0, eligibleBacklog: 0 });
  });

  it('counts more than a thousand as the monitor did, and never fewer', async () => {
    await enqueue('memory', 1200);
    await enqueue('memory', 1100, 3600);
    await enqueue('files', 999);
    const stats = await queue.stats();
    expect(stats.depth).toBeGreaterThanOrEqual(1001 + 999);
    expect(stats.eligibleBacklog).toBeGreaterThanOrEqual(1001 + 999);

    const counted = await poll('the count of the monitor', async () => {
      const now = await queue.stats();
      return now.depth === 3299 && now;
    });
    expect(counted).toMatchObject({ depth: 3299, eligibleBacklog: 2199 });
  });

  it('counts exactly up to a thousand that are due, however many wait for later', async () => {
    await enqueue('memory', 1100, 3600);
    await enqueue('memory', 7);
    expect(await queue.stats()).toMatchObject({ eligibleBacklog: 7 });
  });

  it('leaves the connection as it was, also after an error', async () => {
    const settings = () =>
      knex
        .raw(
          `SELECT name FROM pg_settings WHERE name IN
             ('enable_seqscan', 'enable_bitmapscan', 'enable_sort') AND setting = 'off'`,
        )
        .then(({ rows }) => rows);
    await queue.stats();
    expect(await settings()).toEqual([]);

    await knex.raw(`ALTER TABLE ${schema}.queue RENAME TO elsewhere`);
    await expect(queue.stats()).rejects.toThrow('does not exist');
    await knex.raw(`ALTER TABLE ${schema}.elsewhere RENAME TO queue`);
    expect(await settings()).toEqual([]);
    expect(await queue.stats()).toMatchObject({ depth: 0 });
  });
});
