import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { PlacingEngine } from '../__testUtils__/PlacingEngine';
import { component, contractText, dataset } from '../__testUtils__/testBackend';
import { useTestDatabase } from '../__testUtils__/testDatabase';
import { AgentRegistry } from '../agents/AgentRegistry';
import { ConsumerStore } from '../consumers/ConsumerStore';
import { PagedCatalog } from '../datasets/__testUtils__/PagedCatalog';
import { CatalogDatasetDirectory } from '../datasets/CatalogDatasetDirectory';
import { CatalogReader } from '../datasets/CatalogReader';
import { DatasetStore } from '../datasets/DatasetStore';
import { EngineRegistry } from '../engines/EngineRegistry';
import { PipelineDependencies } from '../pipeline/types';
import { severityAhead } from '../planning/severityAhead';
import { ReadinessService } from '../readiness/ReadinessService';
import { ApiContext } from './ApiContext';
import { describeAllConsumed } from './consumedDataset';

jest.setTimeout(120_000);

const RADAR = 'component:default/radar';
const BESSIE = 'user:default/bessie';
const names = ['flights', 'airports', 'routes'];
const refs = names.map(name => `resource:default/${name}`);
const proposed = ['2.0.0', '3.0.0', '4.0.0'];

describe('what a consumer reads', () => {
  const database = useTestDatabase();
  const agents = new AgentRegistry([]);
  let knex: Knex;
  let directory: CatalogDatasetDirectory;
  let readiness: ReadinessService;
  let context: ApiContext;

  /** Radar reads some datasets, each with some versions proposed. */
  async function reads(datasets: string[], versions: string[]) {
    knex = database();
    const logger = mockServices.rootLogger();
    const catalog = new PagedCatalog();
    catalog.entities = [
      ...datasets.map(name =>
        dataset(name, {
          contracts: [
            contractText('1.0.0', 'delay'),
            ...versions.map(one => contractText(one, `delay_${one[0]}`)),
          ],
        }),
      ),
      component('radar', {
        consumesDatasets: datasets.map(name => ({
          dataset: `resource:default/${name}`,
          version: '^1.0.0',
          fields: ['delay'],
        })),
      }),
    ];
    const datasetStore = new DatasetStore(knex, ahead =>
      severityAhead(ahead, { agents }),
    );
    const consumers = new ConsumerStore(knex);
    directory = new CatalogDatasetDirectory({
      catalog: new CatalogReader(catalog),
      datasets: datasetStore,
      consumers,
      engines: await EngineRegistry.create({
        factories: [{ id: 'memory', create: async () => new PlacingEngine() }],
        config: mockServices.rootConfig(),
        logger,
      }),
      bindings: 'bindings',
      logger,
    });
    await directory.reconcile();
    readiness = new ReadinessService({
      knex,
      directory,
      agents,
      logger,
      settings: { strictConstraints: false },
    } as unknown as PipelineDependencies);
    context = {
      knex,
      datasets: datasetStore,
      consumers,
      authorizer: { scope: async () => ({ kind: 'all' }) },
      consumerAuthorizer: { allows: async () => true },
      controlPlane: { readiness },
    } as unknown as ApiContext;
  }

  async function described() {
    const statements: string[] = [];
    const count = ({ sql }: { sql: string }) => statements.push(sql);
    knex.on('query', count);
    const { items } = await describeAllConsumed(
      context,
      mockCredentials.user(BESSIE),
      RADAR,
      500,
    );
    knex.off('query', count);
    return { items, statements };
  }

  it('takes as many statements for many versions of many datasets as for one', async () => {
    await reads(['flights'], ['2.0.0']);
    const one = await described();
    expect(one.items.map(({ coming }) => coming.length)).toEqual([1]);
    await reads(names, proposed);
    const many = await described();
    expect(many.items.map(({ coming }) => coming.length)).toEqual([3, 3, 3]);
    expect(many.statements).toEqual(one.statements);
    expect(many.statements.length).toBeLessThan(10);
    for (const table of ['"consumer_answers"', '"accepted_changes"']) {
      expect(
        many.statements.filter(sql => sql.includes(`from ${table}`)),
      ).toHaveLength(1);
    }
  });

  it('asks for no answers where nothing comes', async () => {
    await reads(names, []);
    const { items, statements } = await described();
    expect(items.map(({ coming }) => coming)).toEqual([[], [], []]);
    expect(statements.join()).not.toMatch(/consumer_answers|accepted_changes/);
  });

  it('says of each version what it says of it alone', async () => {
    await reads(names, proposed);
    const [flights, airports, routes] = refs;
    await accept(flights, '3.0.0');
    await accept(airports, '2.0.0');
    await acknowledge(flights, '2.0.0');
    await acknowledge(routes, '3.0.0');
    await acknowledge(routes, '4.0.0');
    await acknowledge(routes, '4.0.0', 'withdrawn');

    const { items } = await described();
    const blocking: string[] = [];
    for (const {
      dataset: { entityRef },
      coming,
    } of items) {
      const [consumer] = await directory.getConsumers(entityRef);
      for (const { version, fromVersion, migration, ...judged } of coming) {
        expect(judged).toEqual(
          await readiness.judge(
            entityRef,
            await readiness.wayTo(entityRef, version),
            consumer,
          ),
        );
        if (judged.verdict.blocking) {
          blocking.push(`${entityRef} ${version}`);
        }
      }
    }
    expect(blocking.sort()).toEqual([
      `${airports} 3.0.0`,
      `${airports} 4.0.0`,
      `${flights} 4.0.0`,
      `${routes} 2.0.0`,
      `${routes} 4.0.0`,
    ]);
  });

  async function accept(datasetRef: string, version: string) {
    const upcoming = await readiness.wayTo(datasetRef, version);
    const [{ rule, from: field, summary }] = upcoming.plan.plan.changes;
    await readiness.acceptChange(
      datasetRef,
      upcoming,
      {
        targetVersion: version,
        rule: rule!,
        field,
        summary,
        reason: 'agreed',
      },
      BESSIE,
    );
  }

  async function acknowledge(
    datasetRef: string,
    version: string,
    answer: 'ready' | 'withdrawn' = 'ready',
  ) {
    const { concernsId } = await readiness.judge(
      datasetRef,
      await readiness.wayTo(datasetRef, version),
      (
        await directory.getConsumers(datasetRef)
      )[0],
    );
    await readiness.acknowledge(
      RADAR,
      { datasetRef, version, answer, concernsId },
      BESSIE,
    );
  }
});
