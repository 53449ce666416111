import { Knex } from 'knex';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { deliveriesWithJob } from '../queue/__testUtils__/testQueue';
import { queueName } from '../queue/names';
import { answers, Gate, HttpReceiver } from './__testUtils__/HttpReceiver';
import { OutboxWorld } from './__testUtils__/OutboxWorld';

jest.setTimeout(120_000);

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

describe('what a receiver is told of a dataset', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let world: OutboxWorld;
  let receiver: HttpReceiver;
  /** Answers of the receiver, by the end of the event's type; 200 else. */
  let statuses: Record<string, number>;

  beforeEach(async () => {
    knex = database();
    statuses = {};
    receiver = new HttpReceiver((call, response) => {
      const kind = JSON.parse(call.body).type.split('.').pop();
      return answers(statuses[kind] ?? 200)(call, response);
    });
    await receiver.start();
    world = new OutboxWorld(knex, {
      retries: { attempts: 3, initialDelay: { milliseconds: 10 } },
      webhooks: {
        secrets: [secret],
        allow: [{ urlPrefix: receiver.url, allowPrivate: true, events: ['*'] }],
      },
    });
  });

  afterEach(async () => {
    await world.stop();
    await receiver.stop();
  });

  /** A receiver whose calls wait for a gate, in a world of its own. */
  async function gated(gate: Gate): Promise<HttpReceiver> {
    const held = new HttpReceiver(gate.before(answers(200)));
    await held.start();
    world = new OutboxWorld(knex, {
      webhooks: {
        secrets: [secret],
        allow: [{ urlPrefix: held.url, allowPrivate: true, events: ['*'] }],
      },
    });
    return held;
  }

  const jobs = () => knex.withSchema('dataset_migrations_boss').from('job');

  const told = () =>
    receiver.calls.map(({ body }) => JSON.parse(body).type.split('.').pop());

  const states = async () => {
    const rows = await knex('deliveries').orderBy('position');
    return rows.map(({ event_type, state }) => [
      event_type.split('.').pop(),
      state,
    ]);
  };

  const settled = () =>
    poll('all to end', async () =>
      (await states()).every(([, state]) => state !== 'pending'),
    );

  it('G7: waits until what came before was delivered, or is dead', async () => {
    statuses = { starting: 500 };
    const api = await world.process({ works: false });
    const flights = await world.migration('flights', { board: receiver.url });
    await world.announce(api, 'announced', flights, 1);
    await world.announce(api, 'starting', flights, 2);
    await world.announce(api, 'succeeded', flights, 3);
    await world.process();
    await settled();
    expect(told()).toEqual([
      'announced',
      'starting',
      'starting',
      'starting',
      'succeeded',
    ]);
    expect(await states()).toEqual([
      ['announced', 'delivered'],
      ['starting', 'dead'],
      ['succeeded', 'delivered'],
    ]);
  });

  it('G7: does not wait for what is told of another dataset', async () => {
    statuses = { failed: 500 };
    const api = await world.process({ works: false });
    const flights = await world.migration('flights', { board: receiver.url });
    const places = await world.migration('places', { board: receiver.url });
    await world.announce(api, 'failed', flights, 1);
    await world.announce(api, 'succeeded', flights, 2);
    await world.announce(api, 'starting', places, 1);
    await world.process();
    await poll('places', () => told().includes('starting'));
    await settled();
    expect(told().filter(kind => kind !== 'starting')).toEqual([
      'failed',
      'failed',
      'failed',
      'succeeded',
    ]);
  });

  it('comes again behind what is waiting, when a person asks for it', async () => {
    statuses = { announced: 410 };
    const api = await world.process({ works: false });
    const flights = await world.migration('flights', { board: receiver.url });
    await world.announce(api, 'announced', flights, 1);
    const worker = await world.process();
    await settled();
    await worker.queue.stop();

    statuses = {};
    await world.announce(api, 'starting', flights, 2);
    const [{ id }] = await knex('deliveries').where({ state: 'dead' });
    await api.outbox.redeliver(id);
    await world.process();
    await settled();
    expect(told()).toEqual(['announced', 'starting', 'announced']);
  });

  it('G7: goes on where a job was lost, or an earlier release left off', async () => {
    const api = await world.process({ works: false });
    const flights = await world.migration('flights', { board: receiver.url });
    await world.announce(api, 'announced', flights, 1);
    await world.announce(api, 'starting', flights, 2);
    // As a process of an earlier release does: it knows of no successor.
    await knex('deliveries')
      .where({ event_type: 'dev.skein.dataset-migration.announced' })
      .update({ state: 'delivered' });
    await jobs().delete();
    await world.process();

    await knex('deliveries').update({ next_attempt_at: knex.fn.now() });
    await api.outbox.resumeStalled();
    expect(await deliveriesWithJob(api.queue)).toEqual([]);
    await knex('deliveries').update({
      next_attempt_at: knex.raw("now() - interval '2 minutes'"),
    });
    await api.outbox.resumeStalled();
    await settled();
    expect(told()).toEqual(['starting']);
  });

  it('G7: is kept by jobs of an earlier release, which has one for each', async () => {
    const gate = new Gate();
    const held = await gated(gate);
    const api = await world.process({ works: false });
    const flights = await world.migration('flights', { board: held.url });
    await world.announce(api, 'announced', flights, 1);
    await world.announce(api, 'starting', flights, 2);
    await world.announce(api, 'succeeded', flights, 3);
    await jobs().delete();
    const ids = await knex('deliveries').orderBy('position').pluck('id');
    await knex.transaction(trx =>
      api.queue.enqueueAll(
        trx,
        ids.map(id => ({
          payload: { task: 'deliver' as const, deliveryId: id },
          key: `delivery:${id}`,
        })),
      ),
    );
    await world.process();
    await world.process();
    await poll('jobs of the receiver', async () => {
      const live: string[] = await jobs()
        .where({ name: queueName('deliver') })
        .whereRaw(`state <= 'active'`)
        .pluck('singleton_key');
      return (
        held.calls.length > 0 && live.every(key => key.startsWith('webhook:'))
      );
    });
    expect(held.calls).toHaveLength(1);
    gate.release();
    await settled();
    expect(held.calls.map(({ id }) => id)).toEqual(ids);
    await held.stop();
  });

  it('G7: is sent by one of two jobs, and again by the one whose worker died', async () => {
    const gate = new Gate();
    const held = await gated(gate);
    const api = await world.process({ works: false });
    const flights = await world.migration('flights', { board: held.url });
    await world.announce(api, 'succeeded', flights, 1);
    const [{ id }] = await knex('deliveries');
    const { signal } = new AbortController();
    let completed = 0;
    const run = (jobId: string, share: number) =>
      api.outbox.deliver(id, {
        jobId,
        key: `webhook:component:default/board#${share}`,
        signal,
        complete: async () => void completed++,
      });
    const first = run('one', 0);
    await poll('the call', () => held.calls.length === 1);
    await run('another', 1);
    expect(held.calls).toHaveLength(1);
    expect(completed).toBe(1);

    const retried = run('one', 0);
    await poll('the call of the retry', () => held.calls.length === 2);
    gate.release();
    await Promise.all([first, retried]);
    expect(await states()).toEqual([['succeeded', 'delivered']]);
    await held.stop();
  });

  it('G7: goes on although a job of an earlier release waits for what comes later', async () => {
    const api = await world.process({ works: false });
    const flights = await world.migration('flights', { board: receiver.url });
    await world.announce(api, 'announced', flights, 1);
    await world.announce(api, 'starting', flights, 2);
    await jobs().delete();
    const [, later] = await knex('deliveries').orderBy('position');
    await knex.transaction(trx =>
      api.queue.enqueue(
        trx,
        { task: 'deliver', deliveryId: later.id },
        { key: `delivery:${later.id}`, startAfterSeconds: 12 * 3600 },
      ),
    );
    await knex('deliveries').update({
      created_at: knex.raw("now() - interval '2 minutes'"),
    });
    await world.process();
    await api.outbox.resumeStalled();
    await settled();
    expect(told()).toEqual(['announced', 'starting']);
  });

  it('has one job for all that waits, whose crash marks what it was at', async () => {
    const api = await world.process({ works: false });
    const flights = await world.migration('flights', { board: receiver.url });
    await world.announce(api, 'announced', flights, 1);
    await world.announce(api, 'starting', flights, 2);
    const [job, ...others] = await deliveriesWithJob(api.queue);
    expect(others).toEqual([]);

    await api.outbox.markDead(job, 'the queue gave up');
    expect(await states()).toEqual([
      ['announced', 'dead'],
      ['starting', 'pending'],
    ]);
    await world.process();
    await settled();
    expect(told()).toEqual(['starting']);
  });

  it('comes again when the receiver asks for it, within the limit', async () => {
    const busy = new HttpReceiver((_call, response) => {
      response.writeHead(503, { 'retry-after': '86400' }).end();
      return false;
    });
    await busy.start();
    world = new OutboxWorld(knex, {
      retries: { maxDelay: { minutes: 30 } },
      webhooks: {
        secrets: [secret],
        allow: [{ urlPrefix: busy.url, allowPrivate: true }],
      },
    });
    const { migration, consumers } = await world.migration('flights', {
      board: busy.url,
    });
    const worker = await world.process();
    await world.announce(worker, 'succeeded', { migration, consumers }, 1);
    const minutes = await poll('the first attempt', async () => {
      const [row] = await knex('deliveries')
        .where({ attempts: 1, state: 'pending' })
        .select(
          knex.raw(
            'extract(epoch FROM next_attempt_at - now())::int / 60 AS n',
          ),
        );
      return row && Number(row.n);
    });
    // Up to a fifth longer, by chance.
    expect(minutes).toBeGreaterThanOrEqual(29);
    expect(minutes).toBeLessThanOrEqual(36);
    await busy.stop();
  });

  it('is written in order although announced while the one before ends', async () => {
    const api = await world.process({ works: false });
    await world.process();
    const flights = await world.migration('flights', { board: receiver.url });
    for (let sequence = 0; sequence < 100; sequence++) {
      await world.announce(
        api,
        sequence % 2 ? 'succeeded' : 'rolled-back',
        flights,
        sequence,
      );
    }
    await settled();
    // Once each, as a busy machine may let a process be taken for dead.
    const ids = new Set(receiver.calls.map(({ id }) => id));
    expect([...ids]).toEqual(
      await knex('deliveries').orderBy('occurrence').pluck('id'),
    );
  });
});
