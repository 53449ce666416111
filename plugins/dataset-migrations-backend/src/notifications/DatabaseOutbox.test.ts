import { mockServices } from '@backstage/backend-test-utils';
import {
  metricsServiceMock,
  tracingServiceMock,
} from '@backstage/backend-test-utils/alpha';
import { JsonObject } from '@backstage/types';
import {
  Consumer,
  ConsumerVerdict,
  Delivery,
} from '@skein/backstage-plugin-dataset-migrations-common';
import {
  Notifier,
  UndeliverableError,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { HTTP } from 'cloudevents';
import { Knex } from 'knex';
import { createServer, IncomingHttpHeaders, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { contract } from '../__testUtils__/MemoryEngine';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { CampaignRecord } from '../campaigns/types';
import { ConsumerStore } from '../consumers/ConsumerStore';
import { fromMigrationRow, MigrationRecord } from '../database/MigrationRecord';
import { Followers } from '../followers/Followers';
import {
  deliveriesWithJob,
  testQueue,
  workOptions,
} from '../queue/__testUtils__/testQueue';
import { JobQueue } from '../queue/types';
import { createTelemetry } from '../telemetry/createTelemetry';
import { createOutbox } from './createOutbox';
import { DatabaseOutbox } from './DatabaseOutbox';
import { DeliveryStore } from './DeliveryStore';
import { UnfinishedError } from './senders';
import { AnnouncementKind } from './types';

jest.setTimeout(120_000);

const flights = 'resource:default/flights';
const secrets = [
  'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'whsec_cm90YXRlZC1zZWNyZXQtb2YtdGhlLXRlc3Q=',
];

interface Call {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A receiver that does as its path says: `/200`, `/503`, `/hang`, `/stall`, `/flood`. */
class Receiver {
  readonly calls: Call[] = [];
  /** Answers of `/then-200`, before it says 200. */
  failures = 0;
  private readonly server: Server;

  constructor() {
    this.server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) {
        body += chunk;
      }
      const path = request.url!;
      this.calls.push({ path, headers: request.headers, body });
      if (path.startsWith('/hang')) {
        return;
      }
      if (path.startsWith('/redirect')) {
        response.writeHead(302, { location: '/200' }).end();
      } else if (path.startsWith('/flood')) {
        response.writeHead(200);
        const more = () => {
          while (response.write(Buffer.alloc(65536))) {
            // until it is full
          }
          response.once('drain', more);
        };
        response.on('error', () => {});
        more();
      } else if (path.startsWith('/stall')) {
        response.writeHead(200).write('more is to come');
      } else if (path.startsWith('/then-200') && this.failures-- > 0) {
        response.writeHead(503).end('not yet');
      } else {
        const status = Number(/^\/(\d+)/.exec(path)?.[1] ?? 200);
        response.writeHead(status).end('s3cr3t answer');
      }
    });
  }

  async start(): Promise<string> {
    await new Promise<void>(done => this.server.listen(0, '127.0.0.1', done));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop() {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('DatabaseOutbox', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let queue: JobQueue;
  let receiver: Receiver;
  let url: string;
  let outbox: DatabaseOutbox;
  let deliveries: DeliveryStore;
  let migration: MigrationRecord;
  let published: JsonObject[];
  let notified: JsonObject[];
  let notifier: Notifier & { announced: JsonObject[] };
  let notifiers: Notifier[];
  /** Throws where the notifications backend is to refuse a request. */
  let refuse: (recipients: any) => void;
  /** Who is told of all who follow, whom the owners are told besides. */
  let toTell: (
    ...args: Parameters<Followers['toTell']>
  ) => string[] | Promise<string[]>;

  beforeEach(async () => {
    knex = database();
    queue = testQueue(knex);
    await queue.start();
    receiver = new Receiver();
    url = await receiver.start();
    deliveries = new DeliveryStore(knex);
    published = [];
    notified = [];
    notifier = {
      id: 'chat',
      announced: [],
      async notify(announcement) {
        this.announced.push({ ...announcement });
      },
    };
    notifiers = [notifier];
    toTell = () => [];
    refuse = () => {};
    await restart();
    migration = await insertMigration();
    await queue.onDead(async (payload, error) => {
      if (payload.task === 'deliver') {
        await outbox.markDead(payload.deliveryId, error);
      }
    });
    await queue.work(async (payload, job) => {
      if (payload.task === 'deliver') {
        await outbox.deliver(payload.deliveryId, job);
      }
    }, workOptions);
  });

  afterEach(async () => {
    receiver.stop();
    await queue.stop();
  });

  async function restart(config: JsonObject = {}) {
    const telemetry = createTelemetry({
      metrics: metricsServiceMock.mock(),
      tracing: tracingServiceMock.mock(),
    });
    outbox = createOutbox({
      knex,
      queue,
      deliveries,
      consumers: new ConsumerStore(knex),
      followers: { toTell: async (...args) => toTell(...args) },
      telemetry,
      logger: mockServices.rootLogger(),
      events: mockServices.events.mock({
        publish: async ({ eventPayload }) =>
          void published.push(eventPayload as JsonObject),
      }),
      notifications: {
        send: async options => {
          refuse(options.recipients);
          notified.push(options as any);
        },
      },
      notifiers,
      config: mockServices.rootConfig({
        data: {
          app: { baseUrl: 'http://portal.test/' },
          datasetMigrations: {
            notifications: {
              retries: { attempts: 3, initialDelay: { milliseconds: 50 } },
              webhooks: {
                secrets,
                allow: [{ urlPrefix: url, allowPrivate: true }],
              },
              ...config,
            },
          },
        },
      }),
    });
  }

  async function insertMigration(): Promise<MigrationRecord> {
    await knex('datasets').insert({
      entity_ref: flights,
      title: 'Flights',
      owner: 'group:default/flight-data',
      versions: '[]',
      contracts: '[]',
      documents: '[]',
      problems: '[]',
      content_hash: '',
    });
    const [row] = await knex('migrations')
      .insert({
        id: randomUUID(),
        dataset_ref: flights,
        location_key: 'k',
        location: '{}',
        from_version: '1.0.0',
        to_version: '2.0.0',
        policy: 'switch',
        state: 'succeeded',
        started_by: 'user:default/amelia',
        source_contract: '{}',
        target_contract: '{}',
        plan: '{"steps":[],"changes":[]}',
      })
      .returning('*');
    return fromMigrationRow(row);
  }

  async function insertCampaign(state = 'running'): Promise<string> {
    const id = randomUUID();
    await knex('campaigns').insert({
      id,
      title: 'All of them',
      state,
      created_by: 'user:default/grace',
      initiator: '{}',
      request_hash: '',
      request: '{}',
    });
    return id;
  }

  /** Consumers, each with the callback path that it declares. */
  async function consumers(webhooks: Record<string, string | undefined>) {
    const store = new ConsumerStore(knex);
    await store.upsert(
      Object.entries(webhooks).map(([name, webhook]) => ({
        datasetRef: flights,
        entityRef: `component:default/${name}`,
        owner: 'group:default/apps',
        source: 'declared',
        webhook,
      })),
    );
    return store.ofDataset(flights);
  }

  async function announce(to: Consumer[]) {
    await knex.transaction(trx =>
      outbox.announce(trx, 'succeeded', migration, to),
    );
  }

  async function settled(kind = 'webhook'): Promise<Delivery[]> {
    return poll('the deliveries to end', async () => {
      const { items } = await deliveries.list({ limit: 100 }, { kind: 'all' });
      const some = items.filter(delivery => delivery.kind === kind);
      return (
        some.length > 0 &&
        some.every(delivery => delivery.state !== 'pending') &&
        some
      );
    });
  }

  it('G7: calls back with a signed CloudEvent, also while a secret is changed', async () => {
    await announce(await consumers({ reader: `${url}/200?token=s3cr3t` }));
    const [delivery] = await settled();
    expect(delivery).toMatchObject({
      consumerRef: 'component:default/reader',
      state: 'delivered',
      attempts: 1,
      lastStatus: 200,
      target: `${url}/200`,
    });

    const [{ path, headers, body }] = receiver.calls;
    expect(path).toBe('/200?token=s3cr3t');
    expect(headers['webhook-id']).toBe(delivery.id);
    for (const secret of secrets) {
      new Webhook(secret).verify(body, headers as any);
    }
    expect(() =>
      new Webhook(secrets[0]).verify(`${body} `, headers as any),
    ).toThrow('No matching signature');

    const event = HTTP.toEvent<JsonObject>({ headers, body });
    expect(event).toMatchObject({
      specversion: '1.0',
      id: delivery.id,
      type: 'dev.skein.dataset-migration.succeeded',
      source: 'http://portal.test/dataset-migrations',
      subject: flights,
      data: {
        toVersion: '2.0.0',
        url: `http://portal.test/dataset-migrations/migrations/${migration.id}`,
        consumer: { entityRef: 'component:default/reader' },
      },
    });
    const { rows } = await knex.raw(`SELECT * FROM deliveries`);
    expect(JSON.stringify(rows)).not.toContain('s3cr3t');
  });

  it('G7: tries again until it is taken, with the same message id', async () => {
    receiver.failures = 2;
    await announce(await consumers({ reader: `${url}/then-200` }));
    expect(await settled()).toMatchObject([
      { state: 'delivered', attempts: 3, lastStatus: 200 },
    ]);
    const ids = receiver.calls.map(call => call.headers['webhook-id']);
    expect(ids).toHaveLength(3);
    expect(new Set(ids).size).toBe(1);
  });

  it('G7: tells what the database could not hold as it is', async () => {
    const error = { name: 'Error', message: 'a NUL \0, half of a \ud83d' };
    await knex.transaction(async trx =>
      outbox.announce(
        trx,
        'failed',
        { ...migration, error },
        await consumers({ reader: `${url}/200` }),
      ),
    );
    expect(await settled()).toMatchObject([{ state: 'delivered' }]);
    expect(JSON.parse(receiver.calls[0].body).data.summary).toBe(
      'a NUL \ufffd, half of a \ufffd',
    );
  });

  it('G7: is visibly dead in the end, and sent again on request', async () => {
    receiver.failures = 3;
    await announce(await consumers({ reader: `${url}/then-200` }));
    const [dead] = await settled();
    expect(dead).toMatchObject({
      state: 'dead',
      attempts: 3,
      lastStatus: 503,
      lastError: 'The receiver answered 503',
    });
    expect(dead.nextAttemptAt).toBeUndefined();

    await outbox.redeliver(dead.id);
    expect(await settled()).toMatchObject([
      { id: dead.id, state: 'delivered', attempts: 1 },
    ]);
    await expect(outbox.redeliver(randomUUID())).rejects.toThrow(
      'There is no delivery',
    );
  });

  it('G7: announces to more receivers than one statement could name', async () => {
    const names = Array.from(
      { length: 8_000 },
      (_, index) => `reader-${index}`,
    );
    await announce(
      names.map(name => ({
        entityRef: `component:default/${name}`,
        source: 'declared',
        webhook: `${url}/200`,
      })),
    );
    const ids: string[] = await knex('deliveries')
      .where({ kind: 'webhook' })
      .pluck('id');
    expect(ids).toHaveLength(8_000);
    const withJob = new Set(await deliveriesWithJob(queue));
    // Those that were delivered meanwhile need none any more.
    const pending: string[] = await knex('deliveries')
      .where({ state: 'pending' })
      .pluck('id');
    expect(pending.filter(id => !withJob.has(id))).toEqual([]);
  });

  it('G7: gives an event up that is refused, sooner than one that comes to nobody', async () => {
    await restart({
      retries: {
        attempts: 7,
        initialDelay: { milliseconds: 1 },
        maxDelay: { milliseconds: 1 },
      },
    });
    await announce(
      await consumers({
        refusing: `${url}/400`,
        busy: `${url}/429`,
        failing: `${url}/500`,
      }),
    );
    const ended = (await settled()).map(
      ({ consumerRef, attempts, lastError }) => [
        consumerRef.split('/')[1],
        attempts,
        lastError,
      ],
    );
    expect(ended.sort()).toEqual([
      ['busy', 7, 'The receiver answered 429'],
      ['failing', 7, 'The receiver answered 500'],
      ['refusing', 5, 'The receiver refuses it (400)'],
    ]);
  });

  it('is dead at once where another attempt is pointless', async () => {
    const port = new URL(url).port;
    await announce(
      await consumers({
        elsewhere: 'https://elsewhere.test/hook',
        loopback: `http://localhost:${port}/200`,
        metadata: 'http://169.254.169.254/latest/meta-data',
        gone: `${url}/410`,
        garbage: 'not an address',
      }),
    );
    const byName = Object.fromEntries(
      (await settled()).map(({ consumerRef, state, attempts, lastError }) => [
        consumerRef.split('/')[1],
        [state, attempts, lastError],
      ]),
    );
    const refused = (address: string) => [
      'dead',
      1,
      `The callback address ${address} is not in the allow-list datasetMigrations.notifications.webhooks.allow`,
    ];
    expect(byName).toEqual({
      elsewhere: refused('https://elsewhere.test/hook'),
      loopback: refused(`http://localhost:${port}/200`),
      metadata: refused('http://169.254.169.254/latest/meta-data'),
      gone: ['dead', 1, 'The receiver is gone for good (410)'],
      garbage: [
        'dead',
        1,
        'The callback address (not an address) is no HTTP address',
      ],
    });
    expect(receiver.calls.map(call => call.path)).toEqual(['/410']);
  });

  it('calls no private address that is listed without allowPrivate', async () => {
    const port = new URL(url).port;
    await restart({
      webhooks: {
        secrets,
        allow: [
          { urlPrefix: `http://localhost:${port}` },
          { urlPrefix: `http://[::1]:${port}` },
          { urlPrefix: `http://127.0.0.1:${port}` },
        ],
      },
    });
    await announce(
      await consumers({
        name: `http://localhost:${port}/200`,
        six: `http://[::1]:${port}/200`,
        number: `http://2130706433:${port}/200`,
      }),
    );
    for (const { state, lastError } of await settled()) {
      expect(state).toBe('dead');
      expect(lastError).toMatch(/is the loopback address (127\.0\.0\.1|::1)/);
    }
    expect(receiver.calls).toEqual([]);
  });

  it('is dead at once where a notifier says that it is pointless', async () => {
    notifiers = [
      {
        id: 'chat',
        async notify() {
          throw new UndeliverableError('It is too long', 400);
        },
      },
    ];
    await restart();
    await announce([]);
    expect(await settled('chat')).toMatchObject([
      {
        state: 'dead',
        attempts: 1,
        lastStatus: 400,
        lastError: 'It is too long',
      },
    ]);
  });

  it('G10: keeps no secret of what a notifier failed with', async () => {
    notifiers = [
      {
        id: 'chat',
        async notify() {
          throw new UndeliverableError('Refused: {"token":"hunter2"}', 401);
        },
      },
    ];
    await restart();
    await announce([]);
    expect(await settled('chat')).toMatchObject([
      { state: 'dead', lastError: 'Refused: {"token":"***"}' },
    ]);
  });

  it('tells a notifier how many times a person had it sent again', async () => {
    const redeliveries: Array<number | undefined> = [];
    notifiers = [
      {
        id: 'chat',
        async notify(_announcement, { redelivery }) {
          redeliveries.push(redelivery);
        },
      },
    ];
    await restart();
    await announce([]);
    const [{ id }] = await settled('chat');
    await outbox.redeliver(id);
    await settled('chat');
    await outbox.redeliver(id);
    await settled('chat');
    expect(redeliveries).toEqual([0, 1, 2]);
  });

  it('gives up on receivers that hang, redirect, or never stop', async () => {
    await restart({
      retries: { attempts: 1 },
      webhooks: {
        secrets,
        timeout: { seconds: 2 },
        allow: [{ urlPrefix: url, allowPrivate: true }],
      },
    });
    await announce(
      await consumers({
        hang: `${url}/hang`,
        redirect: `${url}/redirect`,
        flood: `${url}/flood`,
        stall: `${url}/stall`,
      }),
    );
    const byName = Object.fromEntries(
      (await settled()).map(({ consumerRef, state, lastError }) => [
        consumerRef.split('/')[1],
        [state, lastError],
      ]),
    );
    expect(byName).toEqual({
      hang: ['dead', 'No answer within 2 seconds'],
      redirect: ['dead', 'The receiver redirects (302), which is not followed'],
      // It answered 200; the rest was not read.
      flood: ['delivered', undefined],
      stall: ['delivered', undefined],
    });
    expect(receiver.calls.map(call => call.path)).not.toContain('/200');
  });

  it('calls the address that is declared by then', async () => {
    const before = await consumers({ reader: 'https://wrong.test/hook' });
    await announce(before);
    const [dead] = await settled();
    expect(dead.state).toBe('dead');

    await consumers({ reader: `${url}/200` });
    await outbox.redeliver(dead.id);
    expect(await settled()).toMatchObject([{ state: 'delivered' }]);

    await consumers({ reader: undefined });
    await outbox.redeliver(dead.id);
    expect(await settled()).toMatchObject([
      {
        state: 'dead',
        lastError: expect.stringContaining('declares no webhook'),
      },
    ]);
  });

  it('tells owners once each, the events service, and notifiers', async () => {
    await announce(await consumers({ a: undefined, b: undefined }));
    await Promise.all(['notification', 'event', 'chat'].map(settled));
    expect(notified.map((one: any) => one.recipients.entityRef).sort()).toEqual(
      ['group:default/apps', 'group:default/flight-data'],
    );
    expect(notified[0]).toMatchObject({
      payload: {
        title: `${flights} is now at 2.0.0`,
        link: `/dataset-migrations/migrations/${migration.id}`,
        severity: 'normal',
      },
    });
    expect(published).toMatchObject([
      { type: 'dev.skein.dataset-migration.succeeded', subject: flights },
    ]);
    expect(notifier.announced).toMatchObject([
      { type: 'dev.skein.dataset-migration.succeeded', subject: flights },
    ]);
    expect((await deliveries.list({}, { kind: 'all' })).totalItems).toBe(4);
  });

  it('announces exactly what commits, once for each time it happens', async () => {
    const to = await consumers({ reader: `${url}/200` });
    await expect(
      knex.transaction(async trx => {
        await outbox.announce(trx, 'failed', migration, to);
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    await announce(to);
    await announce(to);
    expect(await settled()).toHaveLength(1);

    migration = { ...migration, sequence: migration.sequence + 1 };
    await announce(to);
    await poll('the second', async () => receiver.calls.length === 2);
    expect(await settled()).toHaveLength(2);
  });

  it('announces to the owners of consumers that break or are at risk, and to no others', async () => {
    const reads = (
      name: string,
      more: Pick<ConsumerVerdict, 'blocking' | 'reasons'> & Partial<Consumer>,
    ): ConsumerVerdict => {
      const { blocking, reasons, ...consumer } = more;
      return {
        consumer: {
          entityRef: `component:default/${name}`,
          source: 'declared',
          owner: `group:default/${name}`,
          ...consumer,
        },
        verdict: blocking ? 'breaks' : 'ready',
        reasons,
        touchedBy: [],
        blocking,
      };
    };
    const verdicts = [
      reads('board', {
        fields: ['delay'],
        blocking: true,
        reasons: ['reads `delay`, dropped'],
      }),
      reads('report', {
        fields: ['price'],
        blocking: false,
        reasons: ['at risk: reads `price`, other unit'],
      }),
      reads('shop', {
        fields: ['price'],
        owner: 'group:default/report',
        blocking: false,
        reasons: ['at risk: reads `price`, other unit'],
      }),
      reads('archive', {
        fields: ['id'],
        blocking: false,
        reasons: ['reads nothing that changes'],
      }),
    ];
    migration = {
      ...migration,
      verdicts,
      sourceContract: contract('1.0.0', ['delay', 'price']),
      targetContract: contract('2.0.0', ['id', 'price']),
      plan: {
        ...migration.plan,
        changes: [
          { rule: 'field-removed', from: 'delay', effect: 'breaking' },
          { rule: 'unit-changed', from: 'price', to: 'price', effect: 'risky' },
        ].map(change => ({
          ...change,
          kind: 'field-changed',
          summary: change.rule,
        })) as unknown as MigrationRecord['plan']['changes'],
      },
    };
    const announceToAll = (kind: AnnouncementKind) =>
      knex.transaction(trx =>
        outbox.announce(
          trx,
          kind,
          migration,
          verdicts.map(({ consumer }) => consumer),
        ),
      );
    await announceToAll('announced');
    await settled('notification');
    expect(
      notified
        .map(({ recipients, payload }: any) => [
          recipients.entityRef,
          payload.description,
          payload.link,
        ])
        .sort(),
    ).toEqual(
      [
        ['board', 'component:default/board reads `delay`, dropped'],
        [
          'report',
          'component:default/report at risk: reads `price`, other unit; component:default/shop at risk: reads `price`, other unit',
        ],
      ].map(([name, which]) => [
        `group:default/${name}`,
        `Version 1.0.0 will be replaced by 2.0.0: ${which}`,
        `/dataset-migrations/migrations/${migration.id}?owner=group%3Adefault%2F${name}`,
      ]),
    );

    // That it is blocked takes the place of it, and is told to the owner of the dataset.
    const announced = notified.splice(0);
    migration = { ...migration, sequence: 1, timesTold: 0 };
    await announceToAll('blocked');
    await settled('notification');
    expect(
      notified.map(({ recipients }: any) => recipients.entityRef).sort(),
    ).toEqual(['group:default/board', 'group:default/flight-data']);
    // For each receiver, as somebody may be in the teams of several.
    const told = [...announced, ...notified] as any[];
    const scopes = told.map(({ payload }) => payload.scope);
    const ofReceivers = told.map(
      ({ recipients, payload }) => `${recipients.entityRef} ${payload.scope}`,
    );
    expect([told.length, new Set(scopes).size]).toEqual([4, 3]);
    expect(new Set(ofReceivers).size).toBe(3);

    // Who comes later is told alone, also where the owner was told before.
    notified.splice(0);
    migration = { ...migration, timesTold: 1 };
    await knex.transaction(trx =>
      outbox.announceToLatecomers(trx, 'blocked', migration, [
        verdicts[0].consumer,
      ]),
    );
    await settled('notification');
    expect(notified.map(({ recipients }: any) => recipients)).toEqual([
      { type: 'entity', entityRef: 'group:default/board' },
    ]);
  });

  it('tells the owner of the dataset of each request for more time', async () => {
    const asks = (timesTold: number, reason: string) =>
      knex.transaction(trx =>
        outbox.announceTimeRequest(
          trx,
          { ...migration, timesTold },
          {
            consumerRef: 'component:default/board',
            until: new Date('2027-01-31T12:00:00Z'),
            reason,
          },
        ),
      );
    await asks(1, 'holidays');
    await asks(2, 'frozen');
    await asks(2, 'frozen');
    await settled('notification');
    expect(notified.map((one: any) => one.recipients.entityRef)).toEqual([
      'group:default/flight-data',
      'group:default/flight-data',
    ]);
    expect(notified[1]).toMatchObject({
      payload: {
        title: `More time is asked for before ${flights} goes to 2.0.0`,
        description:
          'component:default/board asks for time until 2027-01-31T12:00:00.000Z: frozen',
      },
    });
    expect(receiver.calls).toEqual([]);
  });

  /** What the outbox asks of the database when this is announced. */
  async function statementsOf(
    announcing: (trx: Knex.Transaction) => Promise<void>,
  ): Promise<string[]> {
    const statements: string[] = [];
    await knex.transaction(async trx => {
      trx.on('query', ({ sql }) => statements.push(sql));
      await announcing(trx);
      trx.removeAllListeners('query');
    });
    return statements;
  }

  it('tells all who follow a dataset together, but for those whom it tells as owners', async () => {
    await knex('dataset_followers').insert({
      dataset_ref: flights,
      follower_ref: 'user:default/bessie',
      decision: '{"result":"ALLOW"}',
    });
    const asked: unknown[] = [];
    toTell = (...args) => {
      asked.push(args);
      return ['user:default/bessie', 'user:default/carl'];
    };
    const to = await consumers({ a: undefined });
    await announce(to);
    await announce(to);
    const told = await Promise.all(['followers', 'notification'].map(settled));
    expect(told[0]).toMatchObject([
      { consumerRef: flights, target: 'followers', state: 'delivered' },
    ]);
    expect(asked).toEqual([
      [
        flights,
        {
          told: expect.arrayContaining([
            'group:default/apps',
            'group:default/flight-data',
          ]),
          followedBy: new Date(told[0][0].createdAt),
        },
      ],
    ]);
    expect(notified).toContainEqual(
      expect.objectContaining({
        recipients: {
          type: 'entity',
          entityRef: ['user:default/bessie', 'user:default/carl'],
        },
        payload: expect.objectContaining({
          title: `${flights} is now at 2.0.0`,
        }),
      }),
    );

    // Nothing for them: nobody is asked for anything, and it is no news yet.
    await knex.transaction(async trx => {
      for (const kind of ['announced', 'starting', 'reminder'] as const) {
        await outbox.announce(trx, kind, { ...migration, sequence: 9 }, []);
      }
    });
    expect(await settled('followers')).toHaveLength(1);
  });

  it('tells followers whom a dead notification of the owners did not reach', async () => {
    await knex('dataset_followers').insert({
      dataset_ref: flights,
      follower_ref: 'user:default/bessie',
      decision: '{"result":"ALLOW"}',
    });
    await announce(await consumers({ a: undefined }));
    await Promise.all(['followers', 'notification'].map(settled));
    await knex('deliveries')
      .where({ consumer_ref: 'group:default/apps' })
      .update({ state: 'dead' });
    const [{ id }] = await settled('followers');
    expect(await deliveries.ownersToldOf(id)).toEqual([
      'group:default/flight-data',
    ]);
  });

  it('tells thousands of followers in attempts that go on with each other', async () => {
    await knex('dataset_followers').insert({
      dataset_ref: flights,
      follower_ref: 'user:default/bessie',
      decision: '{"result":"ALLOW"}',
    });
    toTell = () =>
      Array.from({ length: 1_200 }, (_, n) => `user:default/u${n}`);
    let requests = 0;
    refuse = recipients => {
      if (Array.isArray(recipients.entityRef) && ++requests === 2) {
        throw new Error('out of order');
      }
    };
    await announce([]);
    expect(await settled('followers')).toMatchObject([
      { state: 'delivered', attempts: 2 },
    ]);
    const told = notified.flatMap(({ recipients }: any) =>
      Array.isArray(recipients.entityRef) ? recipients.entityRef : [],
    );
    expect(told).toHaveLength(1_200);
    expect(new Set(told).size).toBe(1_200);
    // Nobody else is shown who follows.
    expect(await knex('deliveries').pluck('told_to')).toEqual(
      expect.not.arrayContaining([expect.any(String)]),
    );
  });

  it('G7: goes on at once with what took longer than an attempt may, without counting it', async () => {
    const { notify } = notifier;
    let times = 0;
    notifier.notify = async (...args) => {
      times += 1;
      if (times < 5) {
        throw new UnfinishedError(`${times} of 5 were told in time`);
      }
      await notify.apply(notifier, args);
    };
    await announce([]);
    expect(await settled('chat')).toMatchObject([
      { state: 'delivered', attempts: 1 },
    ]);
    expect(notifier.announced).toHaveLength(1);
    expect(await knex('delivery_receivers')).toEqual([]);
  });

  it('makes no job of a success that nobody is to hear of', async () => {
    notifiers = [];
    await restart({ events: false });
    const ofCampaign = { ...migration, campaignId: await insertCampaign() };
    const succeeded = (record: MigrationRecord) =>
      statementsOf(trx => outbox.announce(trx, 'succeeded', record, []));

    expect(await succeeded(ofCampaign)).toEqual([
      expect.stringContaining('AS followed'),
    ]);
    expect((await deliveries.list({}, { kind: 'all' })).totalItems).toBe(0);
    // Alone, it is told to the owner.
    expect((await succeeded(migration)).length).toBeGreaterThan(2);
    expect(await settled('notification')).toMatchObject([
      { consumerRef: 'group:default/flight-data' },
    ]);
  });

  it('tells of a success within a campaign all but the owners, as long as it goes on', async () => {
    migration = { ...migration, campaignId: await insertCampaign() };
    const to = await consumers({ reader: `${url}/200` });
    await announce(to);
    await Promise.all(['webhook', 'event', 'chat'].map(settled));
    expect(published).toHaveLength(1);

    // Retried alone, when nothing will be told of the campaign any more.
    await knex('campaigns').update({ state: 'finished' });
    migration = { ...migration, sequence: 9 };
    await announce(to);
    await settled('notification');
    expect(notified.map((one: any) => one.recipients.entityRef).sort()).toEqual(
      ['group:default/apps', 'group:default/flight-data'],
    );
  });

  it('tells owners of consumers once of what succeeded in a campaign, and again of more', async () => {
    const campaignId = await insertCampaign();
    await consumers({ reader: undefined });
    const places = 'resource:default/places';
    await new ConsumerStore(knex).upsert([
      {
        datasetRef: places,
        entityRef: 'component:default/reader',
        owner: 'group:default/apps',
        source: 'declared',
      },
      {
        datasetRef: places,
        entityRef: 'component:default/own',
        owner: 'group:default/geo-data',
        source: 'declared',
      },
    ]);
    await knex('campaign_datasets').insert(
      [flights, places].map((ref, position) => ({
        campaign_id: campaignId,
        dataset_ref: ref,
        position,
        level: 0,
        state: position === 0 ? 'succeeded' : 'blocked',
        // Of flights the catalog says it.
        owner: position === 0 ? null : 'group:default/geo-data',
      })),
    );
    const tell = async (timesTold: number) => {
      notified.length = 0;
      await knex.transaction(trx =>
        outbox.announceCampaign(trx, 'waiting', {
          id: campaignId,
          title: 'All of them',
          timesTold,
        } as CampaignRecord),
      );
      await settled('notification');
      return Object.fromEntries(
        notified.map(({ recipients, payload }: any) => [
          recipients.entityRef,
          [payload.title, payload.description, payload.severity],
        ]),
      );
    };
    const ofReader = (count: number) => [
      'Campaign All of them changed datasets that you read',
      `Of the datasets that you read: ${count} succeeded`,
      'normal',
    ];
    expect(await tell(1)).toEqual({
      'group:default/apps': ofReader(1),
      'group:default/flight-data': [
        'Campaign All of them waits for consumers',
        'Of your datasets: 1 succeeded',
        'normal',
      ],
      'group:default/geo-data': [
        'Campaign All of them waits for consumers',
        'Of your datasets: 1 blocked',
        'high',
      ],
    });
    expect(Object.keys(await tell(2)).sort()).toEqual([
      'group:default/flight-data',
      'group:default/geo-data',
    ]);
    await knex('campaign_datasets').update({ state: 'succeeded' });
    expect(await tell(3)).toMatchObject({ 'group:default/apps': ofReader(2) });

    const seenBy = async (owner: string) =>
      (
        await deliveries.list(
          { campaignId, consumerRef: 'group:default/apps' },
          { kind: 'some', criteria: { column: 'owner', values: [owner] } },
        )
      ).totalItems;
    expect(await seenBy('group:default/flight-data')).toBe(2);
    expect(await seenBy('group:default/strangers')).toBe(0);
  });

  it('asks for nobody, and writes nothing of a campaign, where people are not told', async () => {
    notifiers = [];
    await restart({ owners: false, events: false });
    expect(
      await statementsOf(trx =>
        outbox.announce(trx, 'succeeded', migration, []),
      ),
    ).toEqual([]);
    const campaign = { id: randomUUID() } as CampaignRecord;
    expect(
      await statementsOf(trx =>
        outbox.announceCampaign(trx, 'finished', campaign),
      ),
    ).toEqual([]);
  });

  it('gives a job back that is interrupted, without counting it', async () => {
    await queue.stop();
    await announce(await consumers({ reader: `${url}/hang` }));
    const { items } = await deliveries.list({}, { kind: 'all' });
    const { id } = items.find(({ kind }) => kind === 'webhook')!;
    const controller = new AbortController();
    const delivering = outbox.deliver(id, {
      jobId: 'interrupted',
      key: 'webhook:component:default/reader#0',
      signal: controller.signal,
      complete: async () => {},
    });
    await poll('the call', () => receiver.calls.length === 1);
    controller.abort(new Error('the worker stops'));
    await expect(delivering).rejects.toThrow('the worker stops');
    expect(await deliveries.get(id)).toMatchObject({
      state: 'pending',
      attempts: 0,
    });

    await outbox.markDead(id, 'the queue gave up');
    expect(await deliveries.get(id)).toMatchObject({
      state: 'dead',
      lastError: 'the queue gave up',
    });
  });
});
