import { mockServices } from '@backstage/backend-test-utils';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { catalogChangeOf } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { flights } from '../__testUtils__/controlPlane';
import { poll } from '../__testUtils__/poll';
import { component } from '../__testUtils__/testBackend';
import { usePipeline } from '../__testUtils__/usePipeline';
import { AgentRegistry } from '../agents/AgentRegistry';
import { ConsumerStore } from '../consumers/ConsumerStore';
import { EngineRegistry } from '../engines/EngineRegistry';
import { severityAhead } from '../planning/severityAhead';
import { PagedCatalog } from './__testUtils__/PagedCatalog';
import { CatalogChanges } from './CatalogChanges';
import { CatalogDatasetDirectory } from './CatalogDatasetDirectory';
import { CatalogReader } from './CatalogReader';
import { DatasetStore } from './DatasetStore';

jest.setTimeout(120_000);

/** How often it looks at an entity that does not become what was told. */
const LOOKS = 5;

const reader = (name: string, version = '^1.0.0', fields = ['delay']) =>
  component(name, {
    consumesDatasets: [{ dataset: flights, version, fields }],
  });
const refOf = (entity: Entity) => stringifyEntityRef(entity);

describe('CatalogChanges', () => {
  const logger = mockServices.logger.mock();
  /** The catalog, as its API gives it. */
  let entities: Map<string, Entity>;
  let asked: string[][];
  let answer: (refs: string[]) => Promise<void>;
  let changes: CatalogChanges;

  beforeEach(() => {
    jest.clearAllMocks();
    entities = new Map();
    asked = [];
    answer = async () => {};
    changes = new CatalogChanges({
      refresh: async refs => {
        asked.push(refs);
        await answer(refs);
        return refs.flatMap(ref => entities.get(ref) ?? []);
      },
      logger,
      roundMs: 0,
    });
  });

  afterEach(() => changes.stop());

  const looksAt = (ref: string) =>
    asked.filter(refs => refs.includes(ref)).length;
  /** Of all at the same moment. */
  async function hear(...these: Entity[]) {
    for (const change of await Promise.all(these.map(catalogChangeOf))) {
      changes.hear(change);
    }
  }
  const gives = (entity: Entity) => entities.set(refOf(entity), entity);

  /** Of an entity that never becomes what is told: as long as any is waited for. */
  async function longAfter() {
    const never = reader('never');
    await hear(never);
    await poll('the last look', () => looksAt(refOf(never)) === LOOKS);
  }

  it('looks until the catalog gives the entity as it was told', async () => {
    const [before, after] = [reader('a'), reader('a', '^2.0.0')];
    gives(before);
    answer = async () => {
      if (asked.length === 3) {
        gives(after);
      }
    };
    await hear(after);
    await poll('the third look', () => asked.length === 3);
    await longAfter();
    expect(looksAt(refOf(after))).toBe(3);
  });

  it('looks once where the catalog is quick', async () => {
    // The other one reads nothing any more.
    const both = [reader('a'), component('b', {})];
    both.forEach(gives);
    await hear(...both);
    await longAfter();
    expect(asked[0].slice(0, 2)).toEqual([
      'component:default/a',
      'component:default/b',
    ]);
    expect(looksAt('component:default/a')).toBe(1);
    expect(looksAt('component:default/b')).toBe(1);
  });

  it('gives up where it does not come to that', async () => {
    gives(reader('a'));
    await hear(reader('a', '^2.0.0'));
    await poll('all looks', () => asked.length === LOOKS);
    await longAfter();
    expect(looksAt('component:default/a')).toBe(LOOKS);
  });

  it('asks for many entities at once, and for no more than 50', async () => {
    const many = Array.from({ length: 120 }, (_, i) => reader(`c${i}`));
    many.forEach(gives);
    await hear(...many);
    await poll('all of them', () => asked.flat().length === 120);
    expect(asked.map(refs => refs.length)).toEqual([50, 50, 20]);
  });

  it('takes what is told last, also while it looks', async () => {
    const [first, second] = [reader('a'), reader('a', '^2.0.0')];
    gives(first);
    answer = async () => {
      if (asked.length === 1) {
        await hear(second);
      } else {
        gives(second);
      }
    };
    await hear(first);
    await poll('the second', () => asked.length === 2);
    await longAfter();
    expect(looksAt('component:default/a')).toBe(2);
  });

  it('says once that more changed than it can wait for', async () => {
    const change = await catalogChangeOf(reader('a'));
    for (let n = 0; n < 10_002; n++) {
      changes.hear({ ...change, entityRef: `component:default/c${n}` });
    }
    expect(logger.warn.mock.calls).toEqual([
      [
        'More than 10000 entities of the catalog changed at once; the reconciliation takes in the others',
      ],
    ]);
  });

  it.each([new Error('The catalog is away'), 'No error, but a text'])(
    'looks again where the catalog could not be asked (%s)',
    async problem => {
      gives(reader('a'));
      answer = async () => {
        if (asked.length === 1) {
          throw problem;
        }
      };
      await hear(reader('a'));
      await poll('the second look', () => asked.length === 2);
      await longAfter();
      expect(looksAt('component:default/a')).toBe(2);
    },
  );

  it.each([
    undefined,
    null,
    'component:default/a',
    {},
    { entityRef: 'component:default/a' },
    { entityRef: 7, digest: '' },
    { entityRef: 'a', digest: '' },
  ])('G10: ignores %p', async payload => {
    changes.hear(payload);
    expect(logger.warn).toHaveBeenCalledWith(
      'Ignored an event about the catalog that has no entityRef or no digest',
    );
    await longAfter();
    expect(new Set(asked.flat())).toEqual(new Set(['component:default/never']));
  });

  it('finishes the look that is under way when it stops, and looks no more', async () => {
    let done = false;
    let goOn = () => {};
    answer = async () => {
      await new Promise<void>(resolve => (goOn = resolve));
      done = true;
    };
    await hear(reader('a'));
    await poll('the look', () => asked.length === 1);
    const stopped = changes.stop();
    await hear(reader('b'));
    goOn();
    await stopped;
    expect(done).toBe(true);
    expect(asked).toHaveLength(1);
  });
});

describe('one change among 5,000 consumers', () => {
  const given = usePipeline();

  it('asks the catalog once and judges one', async () => {
    const catalog = new PagedCatalog();
    catalog.entities = [
      ...Array.from({ length: 4_998 }, (_, i) =>
        reader(`ready-${i}`, '>=1', ['id']),
      ),
      reader('breaks'),
      reader('moves'),
    ];
    const { knex, world } = given;
    const logger = mockServices.rootLogger();
    const directory = new CatalogDatasetDirectory({
      catalog: new CatalogReader(catalog),
      datasets: new DatasetStore(knex, ahead =>
        severityAhead(ahead, { agents: new AgentRegistry([]) }),
      ),
      consumers: new ConsumerStore(knex),
      engines: await EngineRegistry.create({
        factories: [],
        config: mockServices.rootConfig(),
        logger,
      }),
      bindings: '',
      logger,
    });
    const judged: Array<readonly string[] | undefined> = [];
    Object.assign(world.directory, {
      refreshConsumers: () => directory.refreshConsumers(flights),
      getConsumers: async (
        ...args: Parameters<CatalogDatasetDirectory['getConsumers']>
      ) => {
        judged.push(args[1]?.only);
        return directory.getConsumers(...args);
      },
    });
    await directory.reconcile();
    // Else the end of the stage may come across them as changes.
    await knex('consumers').update({
      updated_at: knex.raw("now() - interval '1 hour'"),
    });
    const w = await given.worker();
    const { id } = await w.start();
    await w.reaches(id, 'blocked');
    directory.onChanged((_ref, consumerRefs) =>
      world.directory.changed(consumerRefs && [...consumerRefs]),
    );

    const moved = reader('moves', '>=1', ['id']);
    catalog.entities[4_999] = moved;
    catalog.requests = 0;
    judged.length = 0;
    const changes = new CatalogChanges({
      refresh: refs => directory.refreshEntities(refs),
      logger,
      roundMs: 0,
    });
    changes.hear(await catalogChangeOf(moved));
    const { consumers, error } = await poll('the new verdict', async () => {
      const migration = await w.migrations.get(id);
      const one = migration.consumers.find(
        ({ consumer }) => consumer.entityRef === refOf(moved),
      );
      return one?.verdict === 'ready' && migration;
    });
    await changes.stop();
    expect(catalog.requests).toBe(1);
    expect(judged.length).toBeGreaterThan(0);
    expect(judged.every(only => only?.join() === refOf(moved))).toBe(true);
    expect(consumers).toHaveLength(5_000);
    expect(error?.message).toMatch(/component:default\/breaks/);
    expect(error?.message).not.toMatch(/component:default\/moves/);
  });
});
