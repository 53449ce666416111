import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { Page } from '@skein/backstage-plugin-dataset-migrations-common';
import fc from 'fast-check';
import { Knex } from 'knex';
import { randomUUID } from 'node:crypto';
import { openDatabase } from '../database/openDatabase';
import { listMigrations } from '../database/operations/migrations/listMigrations';
import { listDatasets } from '../datasets/listDatasets';
import { DeliveryStore } from '../notifications/DeliveryStore';
import { decodeCursor, encodeCursor, TIMESTAMP, UUID } from './cursors';

jest.setTimeout(120_000);

const all = { kind: 'all' } as const;

type Request = { limit: number; cursor?: string };
type List = (request: Request) => Promise<Page<{ id: string }>>;

describe('pages', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    await openDatabase(mockServices.database({ knex }));
  });

  /** Rows of the same moment, of moments a microsecond apart, and of others. */
  const moments = fc.array(
    fc.constantFrom(
      '2026-11-22T10:00:00.000001Z',
      '2026-11-22T10:00:00.000002Z',
      '2026-11-22T10:00:00.001Z',
      '2026-11-22T12:00:00+02:00',
      '1999-12-31T23:59:59Z',
    ),
    { maxLength: 25 },
  );
  const limits = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1 });

  async function fill(times: string[]): Promise<string[]> {
    await knex('migrations').delete();
    await knex('datasets').delete();
    const migrations = times.map((created_at, index) => ({
      id: randomUUID(),
      dataset_ref: `resource:default/d${index}`,
      location_key: String(index),
      location: '{}',
      from_version: '1.0.0',
      to_version: '2.0.0',
      policy: 'switch',
      state: 'succeeded',
      started_by: 'user:default/amelia',
      source_contract: '{}',
      target_contract: '{}',
      plan: '{}',
      created_at,
    }));
    const ids = migrations.map(({ id }) => id);
    if (migrations.length > 0) {
      await knex('migrations').insert(migrations);
      await knex('deliveries').insert(
        migrations.map(({ id, dataset_ref, created_at }) => ({
          id,
          migration_id: id,
          dataset_ref,
          consumer_ref: 'component:default/c',
          kind: 'webhook',
          event_type: 't',
          target: 't',
          occurrence: 0,
          body: '{}',
          state: 'pending',
          created_at,
        })),
      );
      await knex('datasets').insert(
        ids.map(id => ({
          entity_ref: id,
          title: '',
          versions: '[]',
          contracts: '[]',
          documents: '[]',
          problems: '[]',
          content_hash: '',
        })),
      );
    }
    return ids.sort();
  }

  async function walk(list: List, sizes: number[]): Promise<string[]> {
    const seen: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; ; page++) {
      const limit = sizes[page % sizes.length];
      const answer = await list({ limit, cursor });
      seen.push(...answer.items.map(item => item.id));
      if (answer.nextCursor === undefined) {
        expect(answer.totalItems).toBe(seen.length);
        return seen;
      }
      expect(answer.items).toHaveLength(limit);
      cursor = answer.nextCursor;
    }
  }

  const lists: Array<[string, List]> = [
    ['deliveries', request => new DeliveryStore(knex).list(request, all)],
    [
      'migrations',
      request => listMigrations(knex, request, all) as ReturnType<List>,
    ],
    [
      'datasets',
      async request => {
        const page = await listDatasets(knex, request, all);
        return {
          ...page,
          items: page.items.map(item => ({ id: item.entityRef })),
        };
      },
    ],
  ];

  it.each(lists)('of %s hold every item exactly once', async (_name, list) => {
    await fc.assert(
      fc.asyncProperty(moments, limits, async (times, sizes) => {
        const ids = await fill(times);
        expect((await walk(list, sizes)).sort()).toEqual(ids);
      }),
      { numRuns: 25 },
    );
  });

  it.each(lists)(
    'of %s refuse cursors that they did not give',
    async (_name, list) => {
      await fill(['2026-11-22T10:00:00Z']);
      const garbage = fc.oneof(
        fc.string(),
        fc.base64String(),
        fc.json().map(text => Buffer.from(text).toString('base64url')),
        fc
          .tuple(
            fc.constantFrom('deliveries', 'datasets', 'x'),
            fc.array(fc.string()),
          )
          .filter(([name, parts]) => name !== 'datasets' || parts.length !== 1)
          .map(([name, parts]) => encodeCursor(name, parts)),
        fc.constantFrom(
          encodeCursor('deliveries', [
            "2026-11-22 10:00:00+00'; DROP",
            randomUUID(),
          ]),
          encodeCursor('datasets', ['a\0b']),
          Buffer.from('null').toString('base64url'),
        ),
      );
      await fc.assert(
        fc.asyncProperty(garbage, async cursor => {
          await expect(list({ limit: 1, cursor })).rejects.toMatchObject({
            name: 'InputError',
          });
        }),
        { numRuns: 100 },
      );
    },
  );

  it('refuses moments that no calendar has', async () => {
    const cursor = encodeCursor('deliveries', [
      '2026-02-30 10:00:00+00',
      randomUUID(),
    ]);
    await expect(
      new DeliveryStore(knex).list({ cursor }, all),
    ).rejects.toMatchObject({ name: 'InputError' });
  });

  it('come back as they were encoded', () => {
    const position = ['2026-11-22 10:00:00.123456+00', randomUUID()];
    const cursor = encodeCursor('deliveries', position);
    expect(decodeCursor('deliveries', [TIMESTAMP, UUID], cursor)).toEqual(
      position,
    );
  });
});
