import { Knex } from 'knex';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { deliveriesWithJob } from '../queue/__testUtils__/testQueue';
import { queueName } from '../queue/names';
import { Deliverer, OutboxWorld } from './__testUtils__/OutboxWorld';

jest.setTimeout(120_000);

describe('what is told to the events service', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let world: OutboxWorld;
  /** A process that takes no jobs. */
  let api: Deliverer;
  let release: () => void;

  beforeEach(async () => {
    knex = database();
    release = () => {};
    world = new OutboxWorld(knex, {
      events: true,
      retries: { attempts: 3, initialDelay: { milliseconds: 10 } },
    });
    api = await world.process({ works: false });
  });

  afterEach(async () => {
    release();
    await world.stop();
  });

  /** Lets what is published first wait for its answer. */
  function holdTheFirst(): void {
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    let isFirst = true;
    world.onPublished = async () => {
      const waits = isFirst;
      isFirst = false;
      await (waits && held);
    };
  }

  const ids = (): Promise<string[]> =>
    knex('deliveries').orderBy('position').pluck('id');

  const becomes = (expected: string[]) =>
    poll(`deliveries to be ${expected}`, async () => {
      const states = await knex('deliveries')
        .orderBy('position')
        .pluck('state');
      return String(states) === String(expected);
    });

  it('G7: is told as soon as it has happened, without a job', async () => {
    const flights = await world.migration('flights', {});
    await world.announce(api, 'succeeded', flights, 1);
    await becomes(['delivered']);
    expect(world.published).toEqual(await ids());
    expect(await deliveriesWithJob(api.queue)).toEqual([]);
    expect(await knex('deliveries')).toMatchObject([
      { attempts: 1, claimed_until: null },
    ]);
  });

  it('G7: is not told of what did not happen', async () => {
    const { migration } = await world.migration('flights', {});
    await expect(
      knex.transaction(async trx => {
        await api.outbox.announce(trx, 'succeeded', migration, []);
        throw new Error('the job lost its claim');
      }),
    ).rejects.toThrow('claim');
    await api.outbox.stop();
    expect(world.published).toEqual([]);
    expect(await ids()).toEqual([]);
  });

  it('G7: is told in order, the next by a job of its own', async () => {
    holdTheFirst();
    const flights = await world.migration('flights', {});
    await world.announce(api, 'blocked', flights, 1);
    await poll('the first', () => world.published.length === 1);
    await world.announce(api, 'failed', flights, 2);
    await world.announce(api, 'succeeded', flights, 3);
    const [, second] = await ids();
    expect(await deliveriesWithJob(api.queue)).toEqual([second]);

    const { queue } = await world.process();
    await poll('the job to wait', async () => {
      const job = await knex
        .withSchema('dataset_migrations_boss')
        .from('job')
        .where({ name: queueName('deliver') })
        .whereRaw("start_after > created_on + interval '1 second'")
        .first();
      return job !== undefined;
    });
    expect(world.published).toHaveLength(1);
    release();
    await becomes(['delivered', 'delivered', 'delivered']);
    expect(world.published).toEqual(await ids());
    expect(await deliveriesWithJob(queue)).toEqual([]);
  });

  it('G7: is told once, while a job of the stream is just ending the one before', async () => {
    const flights = await world.migration('flights', {});
    await world.announce(api, 'blocked', flights, 1);
    await becomes(['delivered']);
    const [before] = await ids();
    holdTheFirst();
    await world.announce(api, 'succeeded', flights, 2);
    await poll('the second', () => world.published.length === 2);

    let completed = 0;
    await api.outbox.deliver(before, {
      jobId: 'of the stream',
      key: 'event#0',
      signal: new AbortController().signal,
      complete: async () => void completed++,
    });
    expect(completed).toBe(1);
    release();
    await becomes(['delivered', 'delivered']);
    expect(world.published).toEqual(await ids());
  });

  it('is tried again by a job when it did not succeed', async () => {
    world.onPublished = async () => {
      if (world.published.length === 1) {
        throw new Error('the bus is full');
      }
    };
    const flights = await world.migration('flights', {});
    await world.announce(api, 'succeeded', flights, 1);
    await poll('a job', async () => {
      const [id] = await ids();
      return (await deliveriesWithJob(api.queue)).includes(id);
    });
    expect(await knex('deliveries')).toMatchObject([
      { state: 'pending', attempts: 1, last_error: 'the bus is full' },
    ]);
    await world.process();
    await becomes(['delivered']);
    expect(world.published).toHaveLength(2);
  });

  it('G7: is found when the process that told it died', async () => {
    holdTheFirst();
    const flights = await world.migration('flights', {});
    await world.announce(api, 'succeeded', flights, 1);
    await poll('the first', () => world.published.length === 1);
    const ago = (seconds: number) =>
      knex.raw('now() - make_interval(secs => ?)', [seconds]);

    await api.outbox.resumeStalled();
    expect(await deliveriesWithJob(api.queue)).toEqual([]);
    await knex('deliveries').update({
      created_at: ago(120),
      claimed_until: ago(80),
    });
    await api.outbox.resumeStalled();
    await world.process();
    await becomes(['delivered']);
    expect(world.published).toHaveLength(2);
  });

  it('G7: gets a job when the process stops in the middle of it', async () => {
    holdTheFirst();
    const flights = await world.migration('flights', {});
    await world.announce(api, 'succeeded', flights, 1);
    await poll('the first', () => world.published.length === 1);
    const told = api.outbox.stop();
    await world.announce(api, 'succeeded', await world.migration('b', {}), 1);
    await api.queue.stop(told);
    expect(world.published).toHaveLength(1);

    await world.process();
    await becomes(['delivered', 'delivered']);
    expect(world.published).toHaveLength(3);
  });

  it('G7: gets a job when the process stops before it has committed', async () => {
    holdTheFirst();
    const { migration } = await world.migration('flights', {});
    let stopped: Promise<void> | undefined;
    await knex.transaction(async trx => {
      await api.outbox.announce(trx, 'succeeded', migration, []);
      stopped = api.queue.stop(api.outbox.stop());
    });
    await stopped;
    await world.process();
    await becomes(['delivered']);
    expect(world.published).toHaveLength(2);
  });

  it("G7: gets a job when its claim may be somebody else's before it is sent", async () => {
    const { migration } = await world.migration('flights', {});
    const clock = performance.now.bind(performance);
    const late = jest.spyOn(performance, 'now');
    try {
      await knex.transaction(async trx => {
        await api.outbox.announce(trx, 'succeeded', migration, []);
        late.mockImplementation(() => clock() + 10_000);
      });
      await api.outbox.stop();
    } finally {
      late.mockRestore();
    }
    expect(world.published).toEqual([]);
    expect(await deliveriesWithJob(api.queue)).toEqual(await ids());
    expect(await knex('deliveries')).toMatchObject([
      { state: 'pending', attempts: 0, claimed_until: null },
    ]);
  });

  it('sends what is kept of a text that the database cannot hold', async () => {
    const flights = await world.migration('flights', {});
    const { migration } = flights;
    await world.announce(
      api,
      'failed',
      {
        ...flights,
        migration: {
          ...migration,
          error: { name: 'Error', message: 'a\0b \ud800' },
        },
      },
      1,
    );
    await becomes(['delivered']);
    const [{ body }] = await knex('deliveries');
    expect(world.bodies).toEqual([body]);
  });

  it('leaves to jobs what is more than a process makes at a time, and what waits for a receiver that rests', async () => {
    const held = new Promise<void>(resolve => {
      release = resolve;
    });
    world.onPublished = () => held;
    for (let n = 0; n < 6; n++) {
      const about = await world.migration(`many-${n}`, {});
      await world.announce(api, 'succeeded', about, 1);
    }
    expect(world.published).toHaveLength(4);
    expect(await deliveriesWithJob(api.queue)).toHaveLength(2);
    release();
    await poll('the four', async () => {
      const [{ n }] = await knex('deliveries')
        .where({ state: 'delivered' })
        .count('* as n');
      return Number(n) === 4;
    });

    await knex('delivery_receivers').insert({
      receiver: 'event',
      failures: 1,
      unreachable_since: knex.fn.now(),
      retry_not_before: knex.raw("now() + interval '1 hour'"),
    });
    const flights = await world.migration('flights', {});
    await world.announce(api, 'succeeded', flights, 1);
    expect(await deliveriesWithJob(api.queue)).toHaveLength(3);
    expect(world.published).toHaveLength(4);
  });
});
