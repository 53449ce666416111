import { mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { World } from '../__testUtils__/controlPlane';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { QueueHistory } from './QueueHistory';

jest.setTimeout(120_000);

describe('QueueHistory', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let reads: number;

  beforeEach(async () => {
    knex = database();
    reads = 0;
    await knex('queue_samples').delete();
  });

  const history = () =>
    new QueueHistory({
      knex,
      logger: mockServices.logger.mock(),
      read: async () => {
        reads += 1;
        return {
          depth: 7,
          eligibleBacklog: 5,
          oldestAgeSeconds: 2.5,
          running: 3,
          failed: 1,
          workersAlive: 2,
        };
      },
    });

  /** A sample of so many seconds ago. */
  const sampleOf = (secondsAgo: number, values: object = {}) => ({
    at: knex.raw(
      `date_bin('10 seconds', now(), 'epoch') - make_interval(secs => ?)`,
      [secondsAgo],
    ),
    depth: 0,
    eligible_backlog: 0,
    oldest_age_seconds: 0,
    running: 0,
    workers_alive: 0,
    succeeded: 0,
    failed: 0,
    ...values,
  });

  const put = (secondsAgo: number) =>
    knex('queue_samples').insert(sampleOf(secondsAgo));

  it('keeps one sample of ten seconds, whoever takes it, for a week', async () => {
    await put(8 * 24 * 3600);
    await Promise.all([history().sample(), history().sample()]);
    await history().sample();
    // The test may have run into the next ten seconds.
    const samples = await history().list({});
    expect(samples.length).toBeLessThanOrEqual(2);
    expect(samples[0]).toEqual({
      at: expect.stringMatching(/0\.000Z$/),
      depth: 7,
      eligibleBacklog: 5,
      oldestAgeSeconds: 2.5,
      running: 3,
      workersAlive: 2,
      succeeded: 0,
      failed: 0,
    });
    expect(reads).toBeLessThan(4);
    expect(await knex('queue_samples')).toHaveLength(samples.length);
  });

  it('counts what ended since the sample before, once', async () => {
    const world = new World(knex);
    const worker = await world.worker({ slots: 0 });
    const { id } = await worker.start();
    await worker.plane.stop();
    const end = (secondsAgo: number) =>
      knex('migrations')
        .where({ id })
        .update({
          state: 'succeeded',
          finished_at: knex.raw(`now() - make_interval(secs => ?)`, [
            secondsAgo,
          ]),
        });
    await put(60);
    await end(30);
    await history().sample();
    const [, sample] = await history().list({});
    expect(sample).toMatchObject({ succeeded: 1, failed: 0 });

    await knex('queue_samples').delete();
    await put(20);
    await history().sample();
    expect((await history().list({})).at(-1)).toMatchObject({ succeeded: 0 });
  });

  it('merges neighbours where there are more than asked for', async () => {
    // At once, as the next ten seconds may begin meanwhile; and well within the hour.
    const taken = Array.from({ length: 350 }, (_, index) => {
      const ago = (index + 1) * 10;
      return sampleOf(ago, {
        depth: ago === 1800 ? 100 : 1,
        succeeded: 1,
        failed: ago === 20 ? 2 : 0,
      });
    });
    await knex('queue_samples').insert(taken);
    const samples = await history().list({ hours: 1, samples: 10 });
    expect(samples.length).toBeLessThanOrEqual(10);
    expect(samples.length).toBeGreaterThanOrEqual(9);
    const times = samples.map(({ at }) => at);
    expect(times).toEqual([...times].sort());
    expect(Math.max(...samples.map(({ depth }) => depth))).toBe(100);
    expect(samples.reduce((sum, { failed }) => sum + failed, 0)).toBe(2);
    // Those in whole groups; the oldest group may have been left out.
    const ended = samples.reduce((sum, each) => sum + each.succeeded, 0);
    expect(ended).toBeGreaterThanOrEqual(300);

    expect(await history().list({ hours: 1, samples: 500 })).toHaveLength(
      taken.length,
    );
  });
});
