import { JsonObject } from '@backstage/types';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { poll } from '../__testUtils__/poll';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { Deliverer, OutboxWorld } from './__testUtils__/OutboxWorld';
import { AwaitingMigration } from './types';

jest.setTimeout(60_000);

const apps = 'group:default/apps';
const data = 'group:default/data';

const awaiting = (
  name: string,
  more: Partial<AwaitingMigration> = {},
): AwaitingMigration => ({
  migrationId: `id-of-${name}`,
  datasetRef: `resource:default/${name}`,
  toVersion: '2.0.0',
  consumers: ['component:default/board'],
  ...more,
});

describe('digests', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let world: OutboxWorld;

  const create = (settings: JsonObject = { owners: true }) => {
    world = new OutboxWorld(knex, settings);
    return world.process();
  };

  beforeEach(() => {
    knex = database();
  });

  afterEach(() => world.stop());

  async function insertDigest(daysAgo = 0): Promise<string> {
    const id = randomUUID();
    await knex('digests').insert({
      id,
      period_start: new Date(Date.UTC(2026, 11, 28 - daysAgo)),
    });
    return id;
  }

  const tell = (
    { outbox }: Deliverer,
    id: string,
    byOwner: Record<string, AwaitingMigration[]>,
  ) =>
    knex.transaction(trx =>
      outbox.announceDigest(trx, id, new Map(Object.entries(byOwner))),
    );

  const notified = (count: number) =>
    poll('the notifications', async () => {
      const rows = await knex('deliveries').whereNot('state', 'delivered');
      return (
        rows.length === 0 && world.notified.length >= count && world.notified
      );
    });

  it('G7: tell each owner once, by one notification', async () => {
    const process = await create();
    const id = await insertDigest();
    const nearest = new Date('2199-12-24T12:00:00Z');
    const byOwner = {
      [apps]: [
        awaiting('late', { deadline: new Date('2020-01-02T03:04:05Z') }),
        awaiting('flights', {
          deadline: nearest,
          consumers: ['a', 'b', 'c', 'd', 'e'].map(
            name => `component:default/${name}`,
          ),
        }),
        awaiting('stops'),
      ],
      [data]: [awaiting('flights', { deadline: nearest })],
    };
    await tell(process, id, byOwner);
    // As another process would, to which the period was free.
    await tell(process, id, byOwner);

    const sent = await notified(2);
    expect(sent).toHaveLength(2);
    const to = (owner: string) =>
      sent.find(({ recipients }) => (recipients as any).entityRef === owner)
        ?.payload;
    expect(to(apps)).toMatchObject({
      title:
        '3 datasets wait for you; 1 deadline has passed; the nearest deadline is 24 Dec 2199, 12:00 UTC',
      description: [
        'resource:default/late 2.0.0 by 2 Jan 2020, 03:04 UTC: component:default/board',
        'resource:default/flights 2.0.0 by 24 Dec 2199, 12:00 UTC: component:default/a, component:default/b, component:default/c and 2 more',
        'resource:default/stops 2.0.0: component:default/board',
      ].join('; '),
      link: '/dataset-migrations/migrations?consumerOwner=group%3Adefault%2Fapps',
      topic: 'dev.skein.dataset-digest.waiting',
      severity: 'normal',
    });
    expect(to(data)).toMatchObject({
      title:
        '1 dataset waits for you; the nearest deadline is 24 Dec 2199, 12:00 UTC',
      link: '/dataset-migrations/migrations/id-of-flights?owner=group%3Adefault%2Fdata',
    });

    const { items } = await world.deliveries.list(
      { consumerRef: apps },
      { kind: 'all' },
    );
    expect(items).toMatchObject([
      { kind: 'notification', target: apps, state: 'delivered', attempts: 1 },
    ]);
    expect(items[0]).not.toHaveProperty('migrationId', expect.anything());
    expect((await world.deliveries.get(items[0].id)).body).toMatchObject({
      type: 'dev.skein.dataset-digest.waiting',
      subject: apps,
      data: {
        url: expect.stringMatching(/^http:\/\/portal\.test\/dataset-mig/),
        owner: apps,
        datasets: [
          { datasetRef: 'resource:default/late' },
          { deadline: nearest.toISOString(), consumersOmitted: 2 },
          { consumers: ['component:default/board'] },
        ],
      },
    });
    await process.outbox.redeliver(items[0].id);
    expect(await notified(3)).toHaveLength(3);
  });

  it('come in order, and name as many datasets as fit', async () => {
    const process = await create();
    const many = Array.from({ length: 500 }, (_, n) =>
      awaiting(`dataset-${n}`),
    );
    await tell(process, await insertDigest(7), { [apps]: many });
    await tell(process, await insertDigest(), {
      [apps]: [awaiting('flights')],
    });
    const sent = await notified(2);
    expect(sent.map(({ payload }) => payload.title)).toEqual([
      '500 datasets wait for you',
      '1 dataset waits for you',
    ]);
    const { description } = sent[0].payload;
    expect(description!.length).toBeLessThan(2_000);
    expect(description).toMatch(/dataset-0 .*; and \d+ more$/);
  });

  it('go to nobody where people are not told, nor to those who are no people', async () => {
    const process = await create({ owners: false, events: true });
    await tell(process, await insertDigest(), {
      [apps]: [awaiting('flights')],
    });
    expect(await knex('deliveries')).toEqual([]);
    await world.stop();

    const all = await create({ owners: true, events: true });
    await tell(all, await insertDigest(7), { [apps]: [awaiting('flights')] });
    expect(await knex('deliveries').pluck('kind')).toEqual(['notification']);
    await notified(1);
  });

  it('are shown to who may read all datasets', async () => {
    const process = await create();
    await tell(process, await insertDigest(), {
      [apps]: [awaiting('flights')],
    });
    await notified(1);
    const some = await world.deliveries.list(
      {},
      {
        kind: 'some',
        criteria: { not: { column: 'owner', values: [apps] } },
      },
    );
    expect(some.items).toEqual([]);
  });
});
