import { TestDatabases } from '@backstage/backend-test-utils';
import {
  Campaign,
  MigrationSummary,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { whileItMoves } from '../__testUtils__/poll';
import {
  contractText,
  dataset,
  startBackend,
  TestBackend,
} from '../__testUtils__/testBackend';

jest.setTimeout(900_000);

const DATASETS = 500;
const LEVELS = 12;
const PER_LEVEL = Math.ceil((DATASETS - 3) / LEVELS);

const name = (index: number) => `d${String(index).padStart(3, '0')}`;
const ref = (of: string) => `resource:default/${of}`;

const cycle = ['cycle-a', 'cycle-b', 'cycle-c'];

/**
 * What each dataset depends on: one or two of the level above, so that there are
 * diamonds: d000, then d042 and d043, then d084. Three more are a cycle, below
 * which the last one is.
 */
function lineage(): Map<string, string[]> {
  const upstreams = new Map<string, string[]>();
  for (let index = 0; index < DATASETS - cycle.length; index += 1) {
    const level = Math.floor(index / PER_LEVEL);
    const place = index % PER_LEVEL;
    const above = (at: number) =>
      name((level - 1) * PER_LEVEL + (at % PER_LEVEL));
    upstreams.set(
      name(index),
      level === 0
        ? []
        : [...new Set([above(place - (place % 2)), above(place + 1)])],
    );
  }
  cycle.forEach((of, at) =>
    upstreams.set(of, [cycle[(at + 1) % cycle.length]]),
  );
  const last = name(DATASETS - cycle.length - 1);
  upstreams.set(last, [...upstreams.get(last)!, cycle[0]]);
  return upstreams;
}

/** Others depend on them without saying what they read, so it breaks nobody. */
const additive = [
  contractText('1.0.0', 'delay'),
  `${contractText('1.1.0', 'delay', 'proposed')}
      - { id: f3, name: carrier, logicalType: string }`,
];

describe('a campaign over a lineage of 500 datasets', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let knex: Knex;
  let backend: TestBackend;

  beforeAll(async () => {
    knex = await databases.init('POSTGRES_18');
    backend = await startBackend({
      knex,
      config: {
        queue: { slots: 8 },
        // Where so many wait, each look takes long.
        campaigns: { lookEvery: { seconds: 1 } },
        notifications: { owners: false, events: false },
      },
    });
  });

  afterAll(async () => {
    await backend.stop();
  });

  function until(id: string, state: Campaign['state']): Promise<Campaign> {
    return whileItMoves(`the campaign to be ${state}`, async () => {
      const campaign = await backend.as('grace').campaigns.get(id);
      return {
        done: campaign.state === state && campaign,
        moved: JSON.stringify([campaign.state, campaign.counts]),
      };
    });
  }

  async function migrationsOf(campaignId: string): Promise<MigrationSummary[]> {
    const found: MigrationSummary[] = [];
    let cursor: string | undefined;
    do {
      const page = await backend
        .as('grace')
        .listMigrations({ campaignId, limit: 100, cursor });
      found.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor);
    return found;
  }

  it('G1: keeps the order, 12 levels deep, and leaves a cycle out', async () => {
    const upstreams = lineage();
    for (const of of upstreams.keys()) {
      backend.engine.of(ref(of)).write(() => [{ id: '1', delay: '5' }]);
    }
    await backend.publish(
      [...upstreams].map(([of, above]) =>
        dataset(of, { contracts: additive, dependsOn: above.map(ref) }),
      ),
    );

    const { campaigns } = backend.as('grace');
    const { id } = await campaigns.create({
      title: 'All levels',
      selection: { query: {} },
    });
    const planned = await until(id, 'planned');
    expect(planned).toMatchObject({
      total: DATASETS,
      counts: { waiting: DATASETS - cycle.length, excluded: cycle.length },
      dryRun: { cycles: [cycle.map(ref)] },
    });
    const { items } = await campaigns.listDatasets(id, { limit: 500 });
    const planOf = new Map(items.map(item => [item.datasetRef, item]));
    expect(Math.max(...items.map(({ level }) => level)) + 1).toBe(LEVELS);
    expect(planOf.get(ref(name(2 * PER_LEVEL)))).toMatchObject({
      level: 2,
      upstreams: [PER_LEVEL, PER_LEVEL + 1].map(at => ref(name(at))),
    });
    expect(planOf.get(ref(cycle[0]))).toMatchObject({
      state: 'excluded',
      reason: `It depends on itself: ${[...cycle, cycle[0]]
        .map(ref)
        .join(' → ')}`,
    });

    await campaigns.act(id, 'start');
    const done = await until(id, 'finished');
    expect(done.counts).toMatchObject({
      succeeded: DATASETS - cycle.length,
      excluded: cycle.length,
    });
    const migrations = new Map(
      (await migrationsOf(id)).map(each => [each.datasetRef, each]),
    );
    expect(migrations.size).toBe(DATASETS - cycle.length);
    const early = [...migrations.values()].flatMap(
      ({ datasetRef, createdAt }) =>
        planOf
          .get(datasetRef)!
          .upstreams.filter(up => migrations.get(up)!.finishedAt! > createdAt)
          .map(up => `${datasetRef} began before ${up} had ended`),
    );
    expect(early).toEqual([]);
    const edges = items.reduce((sum, item) => sum + item.upstreams.length, 0);
    expect(edges).toBeGreaterThan(DATASETS);
  });
});
