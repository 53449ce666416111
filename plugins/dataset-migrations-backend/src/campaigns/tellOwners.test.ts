import { createServiceFactory } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { InputError, ResponseError } from '@backstage/errors';
import {
  notificationService,
  NotificationSendOptions,
} from '@backstage/plugin-notifications-node';
import {
  Campaign,
  CampaignState,
  CreateCampaignRequest,
  Delivery,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { JsonObject } from '@backstage/types';
import { Knex } from 'knex';
import { poll } from '../__testUtils__/poll';
import {
  component,
  contractText,
  dataset,
  startBackend,
  TestBackend,
} from '../__testUtils__/testBackend';

jest.setTimeout(180_000);

const flightData = 'group:default/flight-data';
const geoData = 'group:default/geo-data';

/** Of the test that runs: what one did to a dataset must not matter to the next. */
let round = 0;
const ref = (name: string) => `resource:default/t${round}-${name}`;

describe('owners of datasets in a campaign', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let backend: TestBackend;
  const sent: NotificationSendOptions[] = [];

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    backend = await startBackend({
      knex,
      config: { notifications: { owners: true } },
      features: [
        createServiceFactory({
          service: notificationService,
          deps: {},
          factory: () => ({
            send: async options => void sent.push(options),
          }),
        }),
      ],
    });
  });

  beforeEach(() => {
    round += 1;
    sent.length = 0;
  });

  afterAll(async () => {
    await backend.stop();
  });

  const campaigns = () => backend.as('grace').campaigns;

  /** Makes these the datasets of the catalog, each with a row. */
  async function publish(
    owners: Record<string, { owner: string; spec?: JsonObject }>,
    ...others: Parameters<typeof backend.publish>[0]
  ): Promise<void> {
    const names = Object.keys(owners);
    for (const name of names) {
      backend.engine.of(ref(name)).write(() => [{ id: '1', delay: '5' }]);
    }
    await backend.publish([
      ...names.map(name =>
        dataset(`t${round}-${name}`, owners[name].spec, owners[name].owner),
      ),
      ...others,
    ]);
  }

  function create(
    request: Partial<CreateCampaignRequest> = {},
  ): Promise<Campaign> {
    return campaigns().create({
      title: 'All of them',
      selection: { query: {} },
      autoStart: true,
      ...request,
    });
  }

  function until(id: string, state: CampaignState): Promise<Campaign> {
    return poll(`the campaign to be ${state}`, async () => {
      const campaign = await campaigns().get(id);
      return campaign.state === state && campaign;
    });
  }

  /** What owners were told of the campaign itself, when so many have arrived. */
  function told(campaignId: string, count: number): Promise<Delivery[]> {
    return poll(`${count} deliveries`, async () => {
      const { items } = await backend
        .as('grace')
        .listDeliveries({ campaignId, limit: 100 });
      expect(items.length).toBeLessThanOrEqual(count);
      const delivered = items.filter(({ state }) => state === 'delivered');
      return delivered.length === count && items;
    });
  }

  /** The notifications that an owner got: title, text and severity. */
  const sentTo = (owner: string) =>
    sent
      .filter(({ recipients }) => (recipients as any).entityRef === owner)
      .map(({ payload }) => [
        payload.title,
        payload.description,
        payload.severity,
      ]);

  const fails = (name: string, error?: Error) => {
    backend.engine.of(ref(name)).before = method => {
      if (error && method === 'copyChunk') throw error;
    };
  };

  it('G7: hear once how it went for theirs, and once more after a retry', async () => {
    await publish(
      {
        good: { owner: flightData },
        bad: { owner: flightData },
        places: { owner: geoData },
        single: {
          owner: geoData,
          spec: { contracts: [contractText('1.0.0', 'delay')] },
        },
      },
      // Its owner owns another dataset: it hears of this one as the consumer's, at once.
      component('reader', {
        owner: geoData,
        consumesDatasets: [
          { dataset: ref('good'), version: '>=1.0.0', fields: ['id'] },
        ],
      }),
    );
    fails('bad', new InputError('no'));
    const { id } = await create();
    await until(id, 'finished');

    const first = await told(id, 2);
    expect(first).toEqual(
      expect.arrayContaining(
        [flightData, geoData].map(owner =>
          expect.objectContaining({
            campaignId: id,
            consumerRef: owner,
            target: owner,
            kind: 'notification',
            eventType: 'dev.skein.dataset-campaign.finished',
          }),
        ),
      ),
    );
    expect(first[0]).not.toHaveProperty('migrationId');
    await poll('the rest', () => sentTo(flightData).length === 2);
    await poll('the rest', () => sentTo(geoData).length === 1);
    expect(sentTo(flightData)).toEqual(
      expect.arrayContaining([
        [
          'Campaign All of them is finished',
          'Of your datasets: 1 succeeded, 1 failed',
          'high',
        ],
        [`Migration of ${ref('bad')} to 2.0.0 failed`, 'no', 'high'],
      ]),
    );
    expect(sentTo(geoData)).toEqual([
      [
        'Campaign All of them is finished',
        'Of your datasets: 1 succeeded, 1 left out. Of the datasets that you read: 1 succeeded',
        'normal',
      ],
    ]);
    const links = sent.map(({ payload }) => payload.link);
    expect(links).toContain(
      `/dataset-migrations/campaigns/${id}?owner=group%3Adefault%2Fgeo-data`,
    );

    sent.length = 0;
    fails('bad');
    await campaigns().act(id, 'retry-failed');
    await until(id, 'finished');
    await told(id, 4);
    expect(sentTo(flightData)).toEqual([
      [
        'Campaign All of them is finished',
        'Of your datasets: 2 succeeded',
        'normal',
      ],
    ]);
    const occurrences: string[] = await knex
      .withSchema('dataset-migrations')
      .from('deliveries')
      .where({ campaign_id: id, consumer_ref: flightData })
      .orderBy('created_at')
      .pluck('occurrence');
    expect(occurrences).toEqual(['1', '2']);
  });

  it('hear of it where consumers alone hold it up, and where it was cancelled', async () => {
    await publish(
      { held: { owner: flightData }, free: { owner: geoData } },
      component('board', {
        consumesDatasets: [
          { dataset: ref('held'), version: '^1.0.0', fields: ['delay'] },
        ],
      }),
    );
    const { id } = await create();
    await told(id, 2);
    expect(sentTo(geoData)).toEqual([
      [
        'Campaign All of them waits for consumers',
        'Of your datasets: 1 succeeded',
        'normal',
      ],
    ]);
    expect(sentTo(flightData)).toContainEqual([
      'Campaign All of them waits for consumers',
      'Of your datasets: 1 blocked',
      'high',
    ]);

    await campaigns().act(id, 'cancel');
    await until(id, 'cancelled');
    await told(id, 4);
    expect(sentTo(flightData)).toContainEqual([
      'Campaign All of them was cancelled',
      'Of your datasets: 1 cancelled',
      'normal',
    ]);

    const { id: planned } = await create({ autoStart: false });
    await until(planned, 'planned');
    await campaigns().act(planned, 'cancel');
    await until(planned, 'cancelled');
    await told(planned, 0);
  });

  it('are shown to who may see a dataset of theirs, and told again by who may manage campaigns', async () => {
    await publish({ a: { owner: flightData }, b: { owner: geoData } });
    const { id } = await create();
    await until(id, 'finished');
    const [one] = await told(id, 2);
    const ofCarl = await backend.as('carl').listDeliveries({ campaignId: id });
    expect(ofCarl).toMatchObject({
      totalItems: 1,
      items: [{ consumerRef: geoData }],
    });

    const refused: ResponseError = await backend
      .as('amelia')
      .redeliver(one.id)
      .then(
        () => {
          throw new Error('It was not refused');
        },
        error => error,
      );
    expect([refused.statusCode, refused.body.error.message]).toEqual([
      403,
      "The permission 'dataset.campaign.manage' is needed",
    ]);
    backend.audits.length = 0;
    await backend.as('grace').redeliver(one.id);
    expect(backend.audits).toMatchObject([
      {
        eventId: 'delivery-redeliver',
        meta: { campaignId: id, consumerRef: one.consumerRef },
        outcome: 'success',
      },
    ]);
    await poll(
      'it to arrive again',
      () => sentTo(one.consumerRef).length === 2,
    );
  });
});
