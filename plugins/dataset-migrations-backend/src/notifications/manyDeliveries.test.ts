import { Knex } from 'knex';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { HTTP } from 'cloudevents';
import { Webhook } from 'standardwebhooks';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { answers, Behaviour, HttpReceiver } from './__testUtils__/HttpReceiver';
import { Deliverer, OutboxWorld } from './__testUtils__/OutboxWorld';
import { verifyEd25519 } from './__testUtils__/verifyEd25519';
import { AnnouncementKind } from './types';
import { MasterKey } from './webhooks/signing/consumerSecret';
import { PrivateKey } from './webhooks/signing/privateKey';

jest.setTimeout(900_000);

/**
 * How many deliveries are made, about. `SKEIN_TEST_DELIVERIES=10000` makes as many
 * as the promise speaks of.
 */
const DELIVERIES = Number(process.env.SKEIN_TEST_DELIVERIES ?? 1_440);
const DATASETS = 40;
const RECEIVERS = 9;
const EVENTS = Math.ceil(DELIVERIES / DATASETS / RECEIVERS);
/** Calls that two processes are making: one stops, and one may be taken for dead. */
const IN_FLIGHT = 40;

const kinds: AnnouncementKind[] = [
  'starting',
  'succeeded',
  'rolled-back',
  'failed',
];

const masterKey = randomBytes(32).toString('base64');
const pem = generateKeyPairSync('ed25519')
  .privateKey.export({ type: 'pkcs8', format: 'pem' })
  .toString();
const master = MasterKey.parse(masterKey, 'masterKeys');
const { publicKey } = PrivateKey.parse(pem, 'privateKeys');

/** Takes a call only if both signatures are right and it is a CloudEvent. */
function verifying(consumerRef: string, type: RegExp): Behaviour {
  const webhook = new Webhook(master.secretOf(consumerRef));
  return (call, response) => {
    const { headers, body, id } = call;
    webhook.verify(body, headers as Record<string, string>);
    const event = HTTP.toEvent({ headers, body }) as { id: string };
    const right =
      verifyEd25519(headers, body, publicKey.x) &&
      type.test(headers['content-type']!) &&
      event.id === id;
    return answers(right ? 204 : 401)(call, response);
  };
}

/** Does something else with the first attempt at some deliveries. */
function first(
  behaviour: Behaviour,
  which: (n: number) => boolean = () => true,
): Behaviour {
  let n = 0;
  return (call, response) =>
    call.attempt === 1 && which(n++)
      ? behaviour(call, response)
      : answers(200)(call, response);
}

describe('G7: many deliveries to receivers of all kinds', () => {
  const database = useTestDatabase();
  const decoy = new HttpReceiver(answers(200));
  /** Ends the waiting of those who hang. */
  let release = () => {};
  const released = new Promise<void>(resolve => {
    release = resolve;
  });

  const receivers = {
    structured: new HttpReceiver(
      verifying('component:default/structured', /cloudevents\+json/),
    ),
    binary: new HttpReceiver(
      verifying('component:default/binary', /^application\/json/),
    ),
    slow: new HttpReceiver(async (call, response) => {
      await new Promise(resolve => setTimeout(resolve, 5));
      return answers(200)(call, response);
    }),
    failing: new HttpReceiver(first(answers(500), n => n % 3 === 0)),
    gone: new HttpReceiver(answers(410)),
    redirecting: new HttpReceiver(
      first((_call, response) => {
        response.writeHead(307, { location: `${decoy.url}/stolen` }).end();
        return false;
      }),
    ),
    // Every other time it has taken the call before it breaks off.
    closing: new HttpReceiver(
      first((call, response) => {
        response.destroy();
        return call.id.charCodeAt(0) % 2 === 0;
      }),
    ),
    down: new HttpReceiver(answers(200)),
    hanging: new HttpReceiver(async (call, response) => {
      await released;
      return answers(200)(call, response);
    }),
  };
  type Name = keyof typeof receivers;
  const names = Object.keys(receivers) as Name[];

  let knex: Knex;
  let world: OutboxWorld;

  beforeAll(async () => {
    await Promise.all([decoy, ...Object.values(receivers)].map(r => r.start()));
    await receivers.down.stop();
  });

  afterAll(async () => {
    release();
    await world.stop();
    await Promise.all([decoy, ...Object.values(receivers)].map(r => r.stop()));
  });

  /** How many deliveries of some receivers are pending, in their state in the table. */
  async function pending(...some: Name[]): Promise<number> {
    const row = await knex('deliveries')
      .where({ state: 'pending' })
      .whereIn(
        'consumer_ref',
        some.map(name => `component:default/${name}`),
      )
      .count({ count: '*' })
      .first();
    return Number(row!.count);
  }

  const callsOfAll = () =>
    names.reduce((sum, name) => sum + receivers[name].calls.length, 0);

  /** Waits as long as there is progress. */
  async function ended(...some: Name[]): Promise<void> {
    let before: number;
    do {
      before = callsOfAll();
    } while (!(await progress(before, some)));
  }

  /** Waits for the end, or for another hundred calls. @returns whether it is the end */
  async function progress(before: number, some: Name[]): Promise<boolean> {
    const result = await poll(`the end of deliveries to ${some}`, async () => {
      if ((await pending(...some)) === 0) {
        return 'the end';
      }
      return callsOfAll() > before + 100 && 'more';
    });
    return result === 'the end';
  }

  it(`makes ${
    EVENTS * DATASETS * RECEIVERS
  }: none is lost, in order, nobody waits for others`, async () => {
    knex = database();
    const { binary } = receivers;
    world = new OutboxWorld(knex, {
      retries: {
        attempts: 50,
        initialDelay: { milliseconds: 50 },
        maxDelay: { seconds: 10 },
      },
      webhooks: {
        masterKeys: [masterKey],
        privateKeys: [pem],
        // As long as may be: who hangs, hangs.
        timeout: { minutes: 5 },
        allow: [
          {
            urlPrefix: binary.url,
            allowPrivate: true,
            contentMode: 'binary',
            events: ['*'],
          },
          ...names
            .filter(name => name !== 'binary')
            .map(name => ({
              urlPrefix: receivers[name].url,
              allowPrivate: true,
              events: ['*'],
            })),
        ],
      },
    });
    const api = await world.process({ works: false });
    const doomed = await world.process({ queue: { shutdownSeconds: 1 } });
    await world.process();
    await announceAll(api);

    const prompt: Name[] = ['structured', 'binary', 'slow', 'failing', 'gone'];
    await ended('structured', 'binary');
    // Its jobs go to the other process, with what it was about to send.
    await doomed.queue.stop();
    await poll('the port of who was down', () =>
      receivers.down.start().then(
        () => true,
        () => false,
      ),
    );
    await ended(...prompt, 'redirecting', 'closing', 'down');

    // Everybody else has everything, while one still hangs with its first calls.
    expect(receivers.hanging.calls.every(({ taken }) => !taken)).toBe(true);
    expect(receivers.hanging.calls.length).toBeGreaterThan(0);
    expect(receivers.hanging.open).toBeLessThanOrEqual(4);
    expect(await pending('hanging')).toBe(EVENTS * DATASETS);

    release();
    await ended('hanging');
    await expectAllTaken();
    await expectOrder();
    expect(decoy.calls).toEqual([]);
    reportDuplicates();
  });

  async function announceAll(by: Deliverer): Promise<void> {
    const webhooks = Object.fromEntries(
      names.map(name => [name, `${receivers[name].url}/hooks/${name}`]),
    );
    const about = await Promise.all(
      Array.from({ length: DATASETS }, (_, n) =>
        world.migration(`dataset-${n}`, webhooks),
      ),
    );
    const announce = (sequence: number) =>
      Promise.all(
        about.map(one =>
          world.announce(by, kinds[sequence % kinds.length], one, sequence),
        ),
      );
    for (let sequence = 0; sequence < EVENTS; sequence++) {
      await announce(sequence);
    }
  }

  /** Delivered where it was taken; else dead, with the reason. */
  async function expectAllTaken(): Promise<void> {
    const rows = await knex('deliveries')
      .select('consumer_ref', 'state', 'last_status', 'last_error')
      .count({ count: '*' })
      .groupBy(1, 2, 3, 4)
      .orderBy('consumer_ref');
    const all = String(EVENTS * DATASETS);
    expect(rows).toEqual(
      [...names].sort().map(name => ({
        consumer_ref: `component:default/${name}`,
        count: all,
        ...(name === 'gone'
          ? {
              state: 'dead',
              last_status: 410,
              last_error: 'The receiver is gone for good (410)',
            }
          : {
              state: 'delivered',
              last_status:
                name === 'structured' || name === 'binary' ? 204 : 200,
              last_error: null,
            }),
      })),
    );
    const ids = new Set((await world.positions()).keys());
    for (const name of names.filter(one => one !== 'gone')) {
      const taken = receivers[name].calls.filter(call => call.taken);
      expect([name, new Set(taken.map(({ id }) => id)).size]).toEqual([
        name,
        EVENTS * DATASETS,
      ]);
      expect(taken.every(({ id }) => ids.has(id))).toBe(true);
    }
  }

  /**
   * No receiver was ever called about something after what came later, but for the call
   * that a process had made which was taken for dead: of what the receiver has taken
   * before.
   */
  async function expectOrder(): Promise<void> {
    const positions = await world.positions();
    const rows = await knex('deliveries').select('id', 'dataset_ref');
    const datasetOf = new Map(rows.map(row => [row.id, row.dataset_ref]));
    for (const name of names) {
      const last = new Map<string, number>();
      const takenBefore = new Set<string>();
      for (const { id, taken } of receivers[name].calls) {
        const dataset = datasetOf.get(id)!;
        const position = positions.get(id)!;
        if (!takenBefore.has(id)) {
          expect(position).toBeGreaterThanOrEqual(last.get(dataset) ?? 0);
          last.set(dataset, position);
        }
        if (taken) {
          takenBefore.add(id);
        }
      }
    }
  }

  /**
   * At least once: a call comes again where the receiver broke off after it had
   * taken it, where the process stopped before it heard the answer, and where a busy
   * machine let a process be taken for dead.
   */
  function reportDuplicates(): void {
    const duplicates = new Map<Name, number>();
    let unasked = 0;
    for (const name of names) {
      const taken = receivers[name].calls.filter(call => call.taken);
      const twice = taken.length - new Set(taken.map(({ id }) => id)).size;
      const brokenOff = taken.filter(
        call => name === 'closing' && call.attempt === 1,
      ).length;
      expect(twice).toBeGreaterThanOrEqual(brokenOff);
      duplicates.set(name, twice);
      unasked += twice - brokenOff;
    }
    process.stdout.write(
      `Of ${EVENTS * DATASETS} each, taken twice: ${[...duplicates]
        .map(([name, count]) => `${name} ${count}`)
        .join(', ')}\n`,
    );
    expect(unasked).toBeLessThanOrEqual(IN_FLIGHT);
  }
});
