import { mockServices } from '@backstage/backend-test-utils';
import { ConflictError, NotFoundError } from '@backstage/errors';
import { randomUUID } from 'node:crypto';
import { Knex } from 'knex';
import { component, contractText, dataset } from '../__testUtils__/testBackend';
import { PlacingEngine } from '../__testUtils__/PlacingEngine';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { AgentRegistry } from '../agents/AgentRegistry';
import { ConsumerStore } from '../consumers/ConsumerStore';
import { EngineRegistry } from '../engines/EngineRegistry';
import { severityAhead } from '../planning/severityAhead';
import { PagedCatalog } from './__testUtils__/PagedCatalog';
import { CatalogDatasetDirectory } from './CatalogDatasetDirectory';
import { CatalogReader } from './CatalogReader';
import { DatasetStore } from './DatasetStore';
import { listDatasets } from './listDatasets';

jest.setTimeout(120_000);

const flights = 'resource:default/flights';

describe('CatalogDatasetDirectory', () => {
  const database = useTestDatabase();
  let knex: Knex;
  let catalog: PagedCatalog;
  let engine: PlacingEngine;
  let directory: CatalogDatasetDirectory;
  let changed: string[];
  let changedConsumers: Array<readonly string[] | undefined>;
  let statements: string[] = [];

  beforeAll(() => {
    knex = database();
    knex.on('query', ({ sql }) => statements.push(sql));
  });

  beforeEach(async () => {
    statements = [];
    catalog = new PagedCatalog();
    engine = new PlacingEngine();
    directory = await create('bindings');
  });

  async function create(bindings: string): Promise<CatalogDatasetDirectory> {
    const logger = mockServices.rootLogger();
    const created = new CatalogDatasetDirectory({
      catalog: new CatalogReader(catalog),
      datasets: new DatasetStore(knex, ahead =>
        severityAhead(ahead, { agents: new AgentRegistry([]) }),
      ),
      consumers: new ConsumerStore(knex),
      engines: await EngineRegistry.create({
        factories: [{ id: 'memory', create: async () => engine }],
        config: mockServices.rootConfig(),
        logger,
      }),
      bindings,
      logger,
    });
    changed = [];
    changedConsumers = [];
    created.onChanged(async (ref, consumerRefs) => {
      changed.push(ref);
      changedConsumers.push(consumerRefs);
    });
    return created;
  }

  const reconcile = () => counted(() => directory.reconcile());
  const refresh = (...entityRefs: string[]) =>
    counted(() => directory.refreshEntities(entityRefs));

  async function counted(act: () => Promise<unknown>) {
    changed = [];
    changedConsumers = [];
    statements = [];
    catalog.requests = 0;
    await act();
    return {
      changed: [...changed].sort(),
      requests: catalog.requests,
      statements: statements.length,
    };
  }

  const consumer = (index: number, version = '^1.0.0') =>
    component(`service-${index}`, {
      consumesDatasets: [{ dataset: flights, version, fields: ['delay'] }],
    });

  it.each([
    [true as const, ''],
    ['Each has a manifest.', '. Each has a manifest.'],
    [
      undefined,
      '. The engine memory cannot switch the objects of a contract together; give each of them a contract of its own.',
    ],
  ])(
    'says of two objects in one place what the engine advises (%s)',
    async (switchesTogether, advice) => {
      Object.assign(engine, { switchesTogether });
      const second = `  - name: trips
    properties: [{ name: id, logicalType: integer }]
`;
      catalog.entities = [
        dataset('flights', {
          contracts: [`${contractText('1.0.0', 'delay')}${second}`],
        }),
      ];
      await reconcile();
      expect((await directory.getDataset(flights)).problems).toEqual([
        {
          path: 'spec.contracts',
          message: `contract 1.0.0 has two objects at test.${flights}${advice}`,
        },
      ]);
    },
  );

  it('reads 5,000 consumers in pages and writes nothing that is there already', async () => {
    catalog.entities = [
      dataset('flights'),
      ...Array.from({ length: 5_000 }, (_, index) => consumer(index)),
    ];
    const first = await reconcile();
    // One page of datasets, ten of consumers.
    expect(first.requests).toBe(11);
    expect(first.changed).toEqual([flights]);
    expect(first.statements).toBeLessThan(30);
    expect(await directory.getConsumers(flights)).toHaveLength(5_000);

    const second = await reconcile();
    expect(second.requests).toBe(11);
    expect(second.changed).toEqual([]);
    const { rows } = await knex.raw(
      `SELECT count(DISTINCT updated_at) AS times FROM consumers`,
    );
    // Ten statements wrote them, all of them in the first round.
    expect(Number(rows[0].times)).toBe(10);

    catalog.entities[17] = consumer(16, '^2.0.0');
    catalog.entities.splice(100, 1);
    const third = await reconcile();
    expect(third.changed).toEqual([flights]);
    const consumers = await directory.getConsumers(flights);
    expect(consumers).toHaveLength(4_999);
    expect(consumers.filter(c => c.constraint === '^2.0.0')).toHaveLength(1);
  });

  it('finds many datasets with their consumers in three statements, but not too many of these', async () => {
    const places = 'resource:default/places';
    const empty = 'resource:default/empty';
    catalog.entities = [
      ...['flights', 'places', 'empty'].map(name => dataset(name)),
      ...Array.from({ length: 101 }, (_, index) => consumer(index)),
      ...[2, 1].map(index =>
        component(`reader-${index}`, {
          consumesDatasets: [{ dataset: places }],
        }),
      ),
    ];
    await reconcile();
    let found = new Map();
    const { statements: asked, requests } = await counted(async () => {
      found = await directory.findMany([places, flights, 'nope', empty]);
    });
    expect({ asked, requests }).toEqual({ asked: 3, requests: 0 });
    expect([...found.keys()].sort()).toEqual([empty, flights, places]);
    for (const ref of [places, empty]) {
      expect(found.get(ref)).toEqual({
        dataset: await directory.getDataset(ref),
        consumers: await directory.getConsumers(ref),
      });
    }
    expect(await directory.getDatasets([places, 'nope'])).toEqual(
      new Map([[places, found.get(places).dataset]]),
    );
    expect(found.get(places).consumers).toHaveLength(2);
    // Whoever needs these reads them for this dataset alone.
    expect(found.get(flights)).toEqual({
      dataset: await directory.getDataset(flights),
      consumers: undefined,
    });
  });

  it('G6: reads 8,000 declarations of one page of the catalog', async () => {
    const refs = Array.from({ length: 16 }, (_, i) => `resource:default/d${i}`);
    catalog.entities = [
      ...refs.map((_, index) => dataset(`d${index}`)),
      ...Array.from({ length: 500 }, (_, index) =>
        component(`service-${index}`, {
          consumesDatasets: refs.map(ref => ({ dataset: ref })),
        }),
      ),
    ];
    const { changed: read } = await reconcile();
    expect(read).toEqual([...refs].sort());
    for (const ref of refs) {
      expect(await directory.getConsumers(ref)).toHaveLength(500);
    }
    expect((await reconcile()).changed).toEqual([]);
  });

  it('answers from indexes', async () => {
    catalog.entities = [
      ...Array.from({ length: 300 }, (_, i) => dataset(`d${i}`)),
      ...Array.from({ length: 3_000 }, (_, i) =>
        component(`service-${i}`, {
          dependsOn: [`resource:default/d${i % 300}`],
        }),
      ),
    ];
    await reconcile();
    await knex.raw('ANALYZE consumers, datasets, migrations');
    for (const query of [
      knex('consumers').where({ dataset_ref: 'resource:default/d7' }),
      knex('consumers').where({ consumer_ref: 'component:default/service-7' }),
      knex('datasets').orderBy('entity_ref').limit(21),
    ]) {
      const { sql, bindings } = query.toSQL().toNative();
      const { rows } = await knex.raw(
        `EXPLAIN ${sql.replace(/\$\d+/g, '?')}`,
        bindings as any,
      );
      const plan = rows.map((row: any) => row['QUERY PLAN']).join('\n');
      expect(plan).toMatch(/Index/);
      expect(plan).not.toMatch(/Seq Scan/);
    }

    statements = [];
    const page = await listDatasets(knex, { limit: 20 }, { kind: 'all' });
    expect(page).toMatchObject({ totalItems: 300 });
    expect(page.items.every(item => item.consumerCount === 10)).toBe(true);
    // The page, its count, the numbers of consumers, the active migrations.
    expect(statements).toHaveLength(4);
  });

  it('reads an entity anew only when it or the bindings changed', async () => {
    const located = jest.spyOn(engine, 'locate');
    catalog.entities = [dataset('flights'), dataset('other')];
    expect((await reconcile()).changed).toEqual([
      flights,
      'resource:default/other',
    ]);
    expect(located).toHaveBeenCalledTimes(2);

    await reconcile();
    expect(await directory.refreshDataset(flights)).toMatchObject({
      entityRef: flights,
    });
    expect(located).toHaveBeenCalledTimes(2);

    catalog.entities[0] = dataset('flights', {}, 'group:default/others');
    catalog.entities[0].relations = [
      { type: 'ownedBy', targetRef: 'group:default/others' },
    ];
    expect((await reconcile()).changed).toEqual([flights]);
    expect(await directory.getDataset(flights)).toMatchObject({
      owner: 'group:default/others',
    });
    expect(located).toHaveBeenCalledTimes(3);

    directory = await create('other bindings');
    expect((await reconcile()).changed).toHaveLength(2);
  });

  it('says why a dataset cannot be migrated, and keeps the others', async () => {
    jest.spyOn(engine, 'locate').mockImplementation(async ({ entityRef }) => {
      throw new ConflictError(`no binding gives that to ${entityRef}`);
    });
    catalog.entities = [
      dataset('flights'),
      dataset('none', { contracts: [] }),
      dataset('ambiguous', {
        contracts: [
          contractText('1.0.0', 'delay'),
          contractText('2.0.0', 'late', 'active'),
        ],
      }),
      dataset('hostile', {
        contracts: [
          contractText('1.0.0', 'a').replace('flights', '"\\0\\ud800"'),
        ],
      }),
      { ...dataset('nul'), metadata: { name: 'nul', title: 'a\0b' } },
    ];
    await reconcile();
    expect((await directory.getDataset(flights)).problems).toEqual([
      {
        path: 'spec.contracts',
        message: `no binding gives that to ${flights}`,
      },
    ]);
    const none = await directory.getDataset('resource:default/none');
    expect(none.problems).not.toEqual([]);
    expect(none.currentVersion).toBeUndefined();
    expect(
      await directory.getDataset('resource:default/ambiguous'),
    ).toMatchObject({ currentVersion: undefined });
    expect((await directory.getDataset('resource:default/nul')).title).toBe(
      'a\ufffdb',
    );
    await directory.getDataset('resource:default/hostile');
  });

  it('keeps what was published, whatever the entity says or does', async () => {
    catalog.entities = [
      dataset('flights', {
        contracts: [
          contractText('1.0.0', 'delay'),
          contractText('2.0.0', 'late'),
          contractText('3.0.0', 'later'),
        ],
      }),
    ];
    await reconcile();
    expect(await states()).toEqual({
      '1.0.0': 'current',
      '2.0.0': 'proposed',
      '3.0.0': 'proposed',
    });

    await knex.transaction(trx =>
      directory.setPublishedVersion(trx, flights, {
        current: '2.0.0',
        coexisting: '1.0.0',
      }),
    );
    const afterPublication = {
      '1.0.0': 'coexisting',
      '2.0.0': 'current',
      '3.0.0': 'proposed',
    };
    expect(await states()).toEqual(afterPublication);
    catalog.entities[0].metadata.title = 'Another title';
    await reconcile();
    expect(await states()).toEqual(afterPublication);

    // Gone from the catalog and back: what is known then is the history.
    await knex('migrations').insert({
      id: randomUUID(),
      dataset_ref: flights,
      location_key: 'k',
      location: '{}',
      from_version: '1.0.0',
      to_version: '2.0.0',
      policy: 'coexist',
      state: 'succeeded',
      started_by: 'user:default/amelia',
      source_contract: '{}',
      target_contract: '{}',
      old_version_state: 'coexisting',
      finished_at: knex.fn.now(),
    });
    const [entity] = catalog.entities.splice(0, 1);
    expect((await reconcile()).changed).toEqual([flights]);
    await expect(directory.getDataset(flights)).rejects.toThrow(NotFoundError);
    catalog.entities = [entity];
    await reconcile();
    expect(await states()).toEqual(afterPublication);

    await knex.transaction(trx =>
      directory.setPublishedVersion(trx, flights, { current: '2.0.0' }),
    );
    expect(await states()).toEqual({ ...afterPublication, '1.0.0': 'retired' });
  });

  it('knows the gravest change that is ahead, of all later versions', async () => {
    const harmless = contractText('1.1.0', 'delay').replace(
      'f1, name: id,',
      'f1, name: id, description: Of the flight,',
    );
    catalog.entities = [
      dataset('flights', {
        contracts: [
          contractText('1.0.0', 'delay'),
          harmless,
          contractText('2.0.0', 'late'),
        ],
      }),
      dataset('calm', {
        contracts: [contractText('1.0.0', 'delay'), harmless],
      }),
      dataset('unready', { contracts: [contractText('1.1.0', 'delay')] }),
    ];
    await reconcile();
    const severity = async (ref: string) =>
      (await directory.getDataset(ref)).severity;
    expect(await severity(flights)).toBe('breaking');
    expect(await severity('resource:default/calm')).toBe('compatible');
    expect(await severity('resource:default/unready')).toBeUndefined();

    await knex.transaction(trx =>
      directory.setPublishedVersion(trx, flights, { current: '2.0.0' }),
    );
    expect(await severity(flights)).toBe('compatible');
  });

  it('takes a version for breaking to which there is no plan', async () => {
    catalog.entities = [
      dataset('flights', {
        contracts: [
          contractText('1.0.0', 'delay'),
          contractText('1.0.1', 'late'),
        ],
      }),
    ];
    await reconcile();
    expect((await directory.getDataset(flights)).severity).toBe('breaking');
  });

  it('does not undo a publication that commits while it saves', async () => {
    catalog.entities = [dataset('flights')];
    await reconcile();
    catalog.entities[0].metadata.title = 'Another title';

    const trx = await knex.transaction();
    await directory.setPublishedVersion(trx, flights, { current: '2.0.0' });
    const refreshed = directory.refreshDataset(flights);
    // It waits for the row now, or will find it committed: either is right.
    await trx.commit();
    expect(await refreshed).toMatchObject({
      title: 'Another title',
      currentVersion: '2.0.0',
      published: true,
    });
  });

  it('asks the catalog for the consumers of one dataset', async () => {
    catalog.entities = [dataset('flights'), consumer(1), consumer(2)];
    await reconcile();
    catalog.entities = [
      dataset('flights'),
      consumer(2),
      consumer(3),
      component('other', { dependsOn: ['resource:default/other'] }),
      component('twice', {
        consumesDatasets: [
          { dataset: flights, version: '1.x' },
          { dataset: flights, version: '2.x' },
        ],
      }),
    ];
    changed = [];
    const consumers = await directory.refreshConsumers(flights);
    expect(consumers.map(c => c.entityRef)).toEqual([
      'component:default/service-2',
      'component:default/service-3',
      'component:default/twice',
    ]);
    expect(consumers[2].problem).toContain('more than once');
    expect(changed).toEqual([flights]);
    changed = [];
    await directory.refreshConsumers(flights);
    expect(changed).toEqual([]);
  });

  it('asks the catalog for a dataset and its consumers at once', async () => {
    catalog.entities = [dataset('flights'), consumer(1)];
    await reconcile();
    const both = () => directory.refreshDatasetAndConsumers(flights);
    catalog.entities = [component('flights', {}), ...catalog.entities];
    const same = await counted(async () =>
      expect(await both()).toEqual({
        dataset: await directory.getDataset(flights),
        consumers: await directory.getConsumers(flights),
      }),
    );
    expect(same).toMatchObject({ requests: 1, changed: [] });

    catalog.entities = [
      {
        ...dataset('flights'),
        metadata: { name: 'flights', title: 'Another title' },
      },
      consumer(2),
    ];
    const other = await counted(async () =>
      expect(await both()).toMatchObject({
        dataset: { title: 'Another title' },
        consumers: [{ entityRef: 'component:default/service-2' }],
      }),
    );
    expect(other).toMatchObject({ requests: 1, changed: [flights, flights] });
    expect((await directory.getDataset(flights)).title).toBe('Another title');
  });

  it('takes in a dataset that is new with its consumers', async () => {
    catalog.entities = [dataset('flights')];
    const { dataset: found, consumers } =
      await directory.refreshDatasetAndConsumers(flights);
    expect(found?.currentVersion).toBe('1.0.0');
    expect(consumers).toEqual([]);
  });

  it('removes no dataset for an answer about its consumers that has none', async () => {
    catalog.entities = [dataset('flights'), consumer(1)];
    await reconcile();
    for (const entities of [
      [consumer(1)],
      [{ ...dataset('flights'), spec: { type: 'database' } }, consumer(1)],
    ]) {
      catalog.entities = entities;
      expect(await directory.refreshDatasetAndConsumers(flights)).toMatchObject(
        { dataset: undefined, consumers: [{}] },
      );
      expect(await knex('datasets').pluck('entity_ref')).toEqual([flights]);
    }
  });

  it('G6: looks at the sources of consumers that it knows, where it is asked to', async () => {
    catalog.entities = [dataset('flights'), consumer(1)];
    const looks: string[][] = [];
    directory.beforeDeciding(async ref => {
      const known = await directory.getConsumers(ref);
      looks.push(known.map(({ entityRef }) => entityRef));
    });
    await directory.refreshConsumers(flights);
    expect(looks).toEqual([]);
    catalog.entities.push(consumer(2));
    await directory.refreshConsumers(flights, { sources: true });
    expect(looks).toEqual([
      ['component:default/service-1', 'component:default/service-2'],
    ]);
  });

  it('reads one consumer that changed, of 5,000', async () => {
    catalog.entities = [
      dataset('flights'),
      ...Array.from({ length: 5_000 }, (_, index) => consumer(index)),
    ];
    await reconcile();
    catalog.entities[18] = consumer(17, '^2.0.0');
    // Nobody told of this one.
    catalog.entities[19] = consumer(18, '^2.0.0');
    const first = await refresh('component:default/service-17');
    expect(first.requests).toBe(1);
    expect(first.changed).toEqual([flights]);
    expect(changedConsumers).toEqual([['component:default/service-17']]);
    const accepts = (await directory.getConsumers(flights)).filter(
      ({ constraint }) => constraint === '^2.0.0',
    );
    expect(accepts.map(({ entityRef }) => entityRef)).toEqual([
      'component:default/service-17',
    ]);

    const again = await refresh('component:default/service-17');
    expect(again.requests).toBe(1);
    expect(again.changed).toEqual([]);
    expect(again.statements).toBeLessThan(8);
  });

  it('takes in what comes and goes with entities that changed', async () => {
    catalog.entities = [dataset('flights'), consumer(1), consumer(2)];
    await reconcile();
    catalog.entities = [
      {
        ...dataset('flights'),
        metadata: { name: 'flights', title: 'Another title' },
      },
      component('service-1', {}),
      component('service-3', { dependsOn: [flights, 'resource:default/db'] }),
      dataset('places'),
    ];
    const { requests, changed: told } = await refresh(
      flights,
      'resource:default/places',
      'component:default/service-1',
      'component:default/service-2',
      'component:default/service-3',
    );
    expect(requests).toBe(1);
    expect(told).toEqual([flights, 'resource:default/places']);
    expect((await directory.getDataset(flights)).title).toBe('Another title');
    // Of who is gone nothing tells that it is gone for good.
    expect(
      (await directory.getConsumers(flights)).map(c => [c.entityRef, c.source]),
    ).toEqual([
      ['component:default/service-2', 'declared'],
      ['component:default/service-3', 'depends-on'],
    ]);
    expect(await directory.getConsumers('resource:default/db')).toEqual([]);
    expect((await reconcile()).changed).toEqual([flights]);
    expect(
      (await directory.getConsumers(flights)).map(c => c.entityRef),
    ).toEqual(['component:default/service-3']);
  });

  it('takes in that an entity is no dataset any more', async () => {
    catalog.entities = [dataset('flights'), dataset('places')];
    await reconcile();
    catalog.entities[0] = {
      ...dataset('flights'),
      spec: { type: 'database' },
    };
    const { changed: told } = await refresh(flights, 'resource:default/places');
    expect(told).toEqual([flights]);
    expect(await knex('datasets').pluck('entity_ref')).toEqual([
      'resource:default/places',
    ]);
    expect((await refresh(flights)).changed).toEqual([]);
  });

  it('does not write an older reading over a newer one, and has it looked at again', async () => {
    catalog.entities = [dataset('flights'), consumer(1)];
    await reconcile();
    const older = catalog.entities;
    const newer = [
      {
        ...dataset('flights'),
        metadata: { name: 'flights', title: 'The newer title' },
      },
      consumer(1, '^2.0.0'),
      consumer(2),
    ];
    const refs = [flights, 1, 2].map(one =>
      typeof one === 'number' ? `component:default/service-${one}` : one,
    );
    const { getEntitiesByRefs } = catalog;
    catalog.getEntitiesByRefs = async request => {
      // Its answer is slow: meanwhile a migration asks and writes.
      catalog.entities = newer;
      await directory.refreshDataset(flights);
      await directory.refreshConsumers(flights);
      catalog.entities = older;
      const answer = await getEntitiesByRefs.call(catalog, request);
      catalog.entities = newer;
      return answer;
    };
    expect(await directory.refreshEntities(refs)).toEqual([]);
    const state = async () => [
      (await directory.getDataset(flights)).title,
      ...(await directory.getConsumers(flights)).map(c => c.constraint),
    ];
    expect(await state()).toEqual(['The newer title', '^2.0.0', '^1.0.0']);

    catalog.getEntitiesByRefs = getEntitiesByRefs;
    expect(await directory.refreshEntities(refs)).toEqual(newer);
    expect(await state()).toEqual(['The newer title', '^2.0.0', '^1.0.0']);
  });

  it('G6: keeps who depends on a dataset that is not read yet', async () => {
    catalog.entities = [
      dataset('flights'),
      component('depends', { dependsOn: [flights] }),
    ];
    await reconcile();
    await knex('datasets').delete();
    await refresh('component:default/depends');
    expect(await directory.getConsumers(flights)).toHaveLength(1);
  });

  it('finds a dataset that came since the last reconciliation', async () => {
    catalog.entities = [dataset('flights')];
    expect(await directory.getDataset(flights)).toMatchObject({
      currentVersion: '1.0.0',
    });
    catalog.entities = [
      component('flights', {}),
      { ...dataset('flights'), spec: { type: 'database' } },
    ];
    await expect(directory.refreshDataset(flights)).rejects.toThrow(
      `There is no dataset '${flights}' in the catalog`,
    );
  });

  async function states() {
    const { versions } = await directory.getDataset(flights);
    return Object.fromEntries(versions.map(v => [v.version, v.state]));
  }
});
