import { createServiceFactory } from '@backstage/backend-plugin-api';
import { mockCredentials, TestDatabases } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import {
  NotificationSendOptions,
  notificationService,
} from '@backstage/plugin-notifications-node';
import { Knex } from 'knex';
import { poll } from '../__testUtils__/poll';
import {
  asUser,
  dataset,
  startBackend,
  TestBackend,
} from '../__testUtils__/testBackend';

jest.setTimeout(180_000);

const flights = 'resource:default/flights';
const maps = 'resource:default/maps';

const group = (name: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name },
  spec: { type: 'team', children: [] },
});
const user = (name: string, memberOf: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name },
  spec: { memberOf: [memberOf] },
});
const people = [
  group('flight-data'),
  group('apps'),
  group('geo-data'),
  user('amelia', 'flight-data'),
  user('bessie', 'apps'),
  user('carl', 'geo-data'),
];

describe('following a dataset', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  const sent: NotificationSendOptions[] = [];
  let knex: Knex;
  let backend: TestBackend;

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    backend = await startBackend({
      knex,
      config: { notifications: { owners: true } },
      features: [
        createServiceFactory({
          service: notificationService,
          deps: {},
          factory: () => ({ send: async options => void sent.push(options) }),
        }),
      ],
    });
    for (const ref of [flights, maps]) {
      backend.engine.of(ref).write(() => [{ id: '1', delay: '3' }]);
    }
    await publish('group:default/geo-data');
  });

  afterAll(() => backend.stop());

  beforeEach(() => {
    backend.audits.length = 0;
    sent.length = 0;
  });

  /** Both datasets, and whose the maps are. */
  async function publish(ownerOfMaps: string) {
    await backend.publish([
      dataset('flights'),
      dataset('maps', {}, ownerOfMaps),
      ...people,
    ]);
  }

  /** Migrates a dataset, and gives whom the last step was told to. */
  async function migrate(datasetRef: string) {
    const client = backend.as('grace');
    const { id } = await client.startMigration({
      datasetRef,
      targetVersion: '2.0.0',
    });
    const deliveries = await poll('all to be told', async () => {
      const { items } = await client.listDeliveries({ migrationId: id });
      const told = items.filter(({ eventType }) =>
        eventType.endsWith('.succeeded'),
      );
      return (
        told.some(({ kind }) => kind === 'followers') &&
        told.every(({ state }) => state === 'delivered') &&
        told
      );
    });
    return { deliveries, to: sent.map(({ recipients }) => recipients) };
  }

  it('is up to each user, who may click twice, and is audited', async () => {
    const bessie = backend.as('bessie');
    const are = (following: boolean) => ({ following, available: true });
    expect(await bessie.getSubscription(flights)).toEqual(are(false));
    expect(
      await Promise.all(
        [1, 2, 3].map(() =>
          bessie.setSubscription(flights, { following: true }),
        ),
      ),
    ).toEqual(Array(3).fill(are(true)));
    expect(await bessie.getSubscription(flights)).toEqual(are(true));
    expect(await backend.as('amelia').getSubscription(flights)).toEqual(
      are(false),
    );
    expect(await bessie.getSubscription(maps)).toEqual(are(false));
    await Promise.all(
      [1, 2].map(() => bessie.setSubscription(flights, { following: false })),
    );
    expect(await bessie.getSubscription(flights)).toEqual(are(false));
    const meta = { datasetRef: flights };
    expect(backend.audits).toEqual([
      ...Array(3).fill({ eventId: 'dataset-follow', meta, outcome: 'success' }),
      ...Array(2).fill({
        eventId: 'dataset-unfollow',
        meta,
        outcome: 'success',
      }),
    ]);
  });

  it('makes one hear how migrations go, and nobody twice', async () => {
    for (const name of ['amelia', 'bessie']) {
      await backend.as(name).setSubscription(flights, { following: true });
    }
    const { deliveries, to } = await migrate(flights);
    // Amelia is told as one of the owners.
    expect(to).toHaveLength(2);
    expect(to).toEqual(
      expect.arrayContaining([
        { type: 'entity', entityRef: 'group:default/flight-data' },
        { type: 'entity', entityRef: ['user:default/bessie'] },
      ]),
    );
    // Who follows is nobody's business.
    expect(JSON.stringify(deliveries)).not.toContain('bessie');
  });

  it('ends for whoever may not read the dataset any more', async () => {
    const carl = backend.as('carl');
    await carl.setSubscription(maps, { following: true });
    await backend.as('bessie').setSubscription(maps, { following: true });
    await publish('group:default/flight-data');
    const { to } = await migrate(maps);
    expect(JSON.stringify(to)).toContain('user:default/bessie');
    expect(JSON.stringify(to)).not.toContain('carl');
    // Whoever wants to be told no longer need not see it.
    await carl.setSubscription(maps, { following: false });
  });

  const rowOf = (name: string, datasetRef: string) =>
    knex
      .withSchema('dataset-migrations')
      .from('dataset_followers')
      .where({ dataset_ref: datasetRef, follower_ref: `user:default/${name}` })
      .first('decision', 'groups');

  it('is allowed by what allows it when one last looked at it', async () => {
    await publish('group:default/geo-data');
    const carl = backend.as('carl');
    await carl.setSubscription(maps, { following: true });
    const row = await rowOf('carl', maps);
    await knex
      .withSchema('dataset-migrations')
      .from('dataset_followers')
      .update({ decision: '{"result":"ALLOW"}', groups: null });
    expect(await carl.getSubscription(maps)).toMatchObject({ following: true });
    expect(await rowOf('carl', maps)).toEqual(row);

    await publish('group:default/flight-data');
    expect(await refusal(carl.getSubscription(maps))).toEqual([
      403,
      `The permission 'dataset.read' is needed for '${maps}'`,
    ]);
    expect(await rowOf('carl', maps)).toBeUndefined();
    // Who never followed is not made to.
    await backend.as('amelia').getSubscription(maps);
    expect(await rowOf('amelia', maps)).toBeUndefined();
  });

  it.each([
    ['the dataset of others', 'carl', flights, 403, /dataset\.read/],
    ['no dataset', 'bessie', 'resource:default/nowhere', 404, /nowhere/],
    ['an entity that is none', 'bessie', 'user:default/bessie', 404, /bessie/],
    [
      'a ref with SQL in it',
      'bessie',
      `resource:default/x'; DROP TABLE datasets; --`,
      400,
      /DROP TABLE/,
    ],
  ])('G10: of %s is refused', async (_what, name, ref, status, message) => {
    const client = backend.as(name);
    for (const call of [
      () => client.setSubscription(ref, { following: true }),
      () => client.getSubscription(ref),
    ]) {
      expect(await refusal(call())).toEqual([
        status,
        expect.stringMatching(message),
      ]);
    }
  });

  it.each([
    [{}],
    [[]],
    [null],
    [{ following: 'yes' }],
    [{ following: 1 }],
    [{ following: null }],
    [{ following: true, follower: 'user:default/carl' }],
    [{ following: true, webhook: 'http://169.254.169.254/' }],
  ])('G10: refuses %j', async body => {
    const client = backend.as('bessie');
    expect(
      await refusal(client.setSubscription(flights, body as never)),
    ).toEqual([400, expect.stringMatching(/follow|webhook|object|JSON/)]);
    expect(backend.audits).toEqual([]);
  });

  it('is not for services, nor for nobody', async () => {
    const post = (headers: Record<string, string>) =>
      fetch(`${backend.api}/datasets/resource/default/flights/subscription`, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/json' },
        body: JSON.stringify({ following: true }),
      });
    const service = { Authorization: mockCredentials.service.header() };
    const refused = await post(service);
    expect(refused.status).toBe(403);
    expect(await refused.text()).toContain('Only people follow datasets');
    expect(
      (await post({ Authorization: 'Bearer mock-none-token' })).status,
    ).toBe(401);
    expect((await post(asUser('bessie'))).status).toBe(200);
  });

  async function refusal(call: Promise<unknown>): Promise<[number, string]> {
    try {
      await call;
    } catch (error) {
      const { statusCode, body } = error as ResponseError;
      return [statusCode, body.error.message];
    }
    throw new Error('It was not refused');
  }
});
