import { JsonObject } from '@backstage/types';
import { Knex } from 'knex';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { answers, Gate, HttpReceiver } from './__testUtils__/HttpReceiver';
import { OutboxWorld } from './__testUtils__/OutboxWorld';

jest.setTimeout(120_000);

const DATASETS = 20;
const HANGING = 12;
/** Of which a receiver has no more than half. */
const SLOTS = 4;

describe('receivers that do not answer', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let world: OutboxWorld;
  let receivers: HttpReceiver[];
  let gate: Gate;

  beforeEach(() => {
    knex = database();
    receivers = [];
    gate = new Gate();
  });

  afterEach(async () => {
    gate.release();
    await world.stop();
    await Promise.all(receivers.map(one => one.stop()));
  });

  async function receiver(
    behaviour: ConstructorParameters<typeof HttpReceiver>[0],
  ): Promise<HttpReceiver> {
    const one = new HttpReceiver(behaviour);
    await one.start();
    receivers.push(one);
    return one;
  }

  function create(retries: JsonObject, timeout = 1): void {
    world = new OutboxWorld(knex, {
      retries,
      webhooks: {
        secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
        timeout: { seconds: timeout },
        allow: receivers.map(({ url }) => ({
          urlPrefix: url,
          allowPrivate: true,
        })),
      },
    });
  }

  const worker = (works = true) =>
    world.process({
      works,
      queue: { concurrency: { preflight: 1, deliver: SLOTS } },
    });

  /** Tells everybody the same of each dataset. */
  async function tell(
    webhooks: Record<string, string>,
    datasets = DATASETS,
  ): Promise<void> {
    const api = await worker(false);
    for (let n = 0; n < datasets; n++) {
      const about = await world.migration(`dataset-${n}`, webhooks);
      await world.announce(api, 'succeeded', about, 1);
    }
  }

  async function count(consumer: string, state: string): Promise<number> {
    const rows = await knex('deliveries').where({
      consumer_ref: `component:default/${consumer}`,
      state,
    });
    return rows.length;
  }

  it('G7: are called once, and not for each dataset, while others are told', async () => {
    const healthy = await receiver(answers(200));
    for (let n = 0; n < HANGING; n++) {
      await receiver(gate.before(answers(200)));
    }
    create({ initialDelay: { hours: 1 } });
    await tell(
      Object.fromEntries(
        receivers.map(({ url }, n) => [
          n === 0 ? 'healthy' : `hangs-${n}`,
          url,
        ]),
      ),
    );
    await worker();
    await poll(
      'the healthy one to be told of everything',
      async () => (await count('healthy', 'delivered')) === DATASETS,
    );
    expect(healthy.calls).toHaveLength(DATASETS);
    const calls = receivers.slice(1).map(one => one.calls.length);
    // One for each of its keys: those were under way before the first one failed.
    expect(Math.max(...calls)).toBeLessThanOrEqual(SLOTS / 2);
  });

  it('G7: leave slots to others also where one host hangs for all of them', async () => {
    const healthy = await receiver(answers(200));
    const gateway = await receiver(gate.before(answers(200)));
    // Longer than the test: who hangs, hangs.
    create({}, 300);
    await tell({
      ...Object.fromEntries(
        Array.from({ length: HANGING }, (_, n) => [
          `hangs-${n}`,
          `${gateway.url}/${n}`,
        ]),
      ),
      healthy: healthy.url,
    });
    await worker();
    await poll(
      'the healthy one to be told of everything',
      async () => (await count('healthy', 'delivered')) === DATASETS,
    );
    expect(gateway.calls).toHaveLength(SLOTS / 2);
  });

  it('G7: get everything once they answer again', async () => {
    const lame = await receiver(gate.before(answers(200), n => n < SLOTS / 2));
    create({ initialDelay: { milliseconds: 100 } });
    await tell({ lame: lame.url });
    await worker();
    await poll(
      'everything',
      async () => (await count('lame', 'delivered')) === DATASETS,
    );
    await poll(
      'the note that it answers',
      async () => (await knex('delivery_receivers')).length === 0,
    );
    const taken = lame.calls.filter(call => call.taken).map(({ id }) => id);
    expect(new Set(taken).size).toBe(DATASETS);
  });

  it('G7: get everything soon after a probe that could have taken long', async () => {
    const lame = await receiver(answers(200));
    await lame.stop();
    create({ initialDelay: { milliseconds: 100 } }, 300);
    await tell({ lame: lame.url });
    await worker();
    await poll(
      'a probe in vain',
      async () =>
        (await knex('delivery_receivers').where('failures', '>', 1)).length > 0,
    );
    await lame.start();
    await poll(
      'everything',
      async () => (await count('lame', 'delivered')) === DATASETS,
    );
    expect(lame.calls).toHaveLength(DATASETS);
  });

  it('leave the probe to another delivery when one was not called', async () => {
    const lame = await receiver(answers(200));
    create({}, 300);
    await tell({ lame: lame.url }, 3);
    await knex('delivery_receivers').insert({
      receiver: 'webhook:component:default/lame',
      failures: 1,
      unreachable_since: knex.fn.now(),
      retry_not_before: knex.fn.now(),
    });
    await knex('consumers')
      .whereNot({ dataset_ref: 'resource:default/dataset-2' })
      .update({ webhook: null });
    await worker();
    await poll('the only one that is called', async () => {
      const dead = await count('lame', 'dead');
      return dead === 2 && (await count('lame', 'delivered')) === 1;
    });
    expect(await knex('delivery_receivers')).toEqual([]);
  });

  it('answer again also when they refuse', async () => {
    const lame = await receiver(gate.before(answers(500), n => n < SLOTS / 2));
    create({ initialDelay: { milliseconds: 100 } });
    await tell({ lame: lame.url });
    await worker();
    await poll(
      'an answer to who waits behind those that hang',
      async () =>
        (await knex('deliveries').where({ last_status: 500 })).length > 0,
    );
    await poll(
      'the end of its rest',
      async () => (await knex('delivery_receivers')).length === 0,
    );
    expect(await count('lame', 'delivered')).toBe(0);
  });

  it('are given up after a day, what is new excepted', async () => {
    const gone = await receiver(answers(200));
    create({});
    await tell({ gone: gone.url });
    const days = (n: number) => knex.raw(`now() - interval '${n} days'`);
    await knex('deliveries').update({ created_at: days(2) });
    await knex('delivery_receivers').insert({
      receiver: 'webhook:component:default/gone',
      failures: 40,
      unreachable_since: days(3),
      retry_not_before: knex.raw(`now() + interval '1 hour'`),
    });
    const one = await worker();
    await poll(
      'the end of the old ones',
      async () => (await count('gone', 'dead')) === DATASETS,
    );
    const about = await world.migration('new', { gone: gone.url });
    await world.announce(one, 'succeeded', about, 1);
    expect(gone.calls).toEqual([]);
    const [dead] = await knex('deliveries').where({ state: 'dead' });
    expect(dead.last_error).toMatch(
      /^Not sent: its receiver has not answered for 28\d\d minutes$/,
    );
    const [fresh] = await knex('deliveries').where({ state: 'pending' });
    expect(fresh.attempts).toBe(0);
    await poll('its job to wait', async () => {
      const { depth, eligibleBacklog, running } = await one.queue.stats();
      return depth === 1 && eligibleBacklog === 0 && running === 0;
    });

    // A person who sends one again has it sent.
    await one.outbox.redeliver(fresh.id);
    await poll(
      'the call',
      async () => (await count('gone', 'delivered')) === 1,
    );
    expect(gone.calls).toHaveLength(1);
  });
});
