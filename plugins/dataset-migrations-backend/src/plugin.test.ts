import {
  coreServices,
  createBackendModule,
  createBackendPlugin,
  createServiceFactory,
  LoggerService,
} from '@backstage/backend-plugin-api';
import {
  mockServices,
  startTestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import {
  eventsServiceFactory,
  eventsServiceRef,
} from '@backstage/plugin-events-node';
import {
  CATALOG_CHANGES_TOPIC,
  catalogChangeOf,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import datasetMigrationsPlugin from '.';
import { PlacingEngine } from './__testUtils__/PlacingEngine';
import { poll } from './__testUtils__/poll';
import { CatalogReader } from './datasets/CatalogReader';
import { createOwnCatalog } from './datasets/ownCatalog';
import {
  asUser,
  component,
  dataset,
  startBackend,
  TestBackend,
} from './__testUtils__/testBackend';

jest.setTimeout(120_000);

/** Tells of entities while the catalog processes them, as the catalog module does. */
const tellingModule = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'test-changes',
  register(reg) {
    reg.registerInit({
      deps: {
        catalog: catalogProcessingExtensionPoint,
        events: eventsServiceRef,
      },
      async init({ catalog, events }) {
        catalog.addProcessor({
          getProcessorName: () => 'test-changes',
          async postProcessEntity(entity) {
            await events
              .publish({
                topic: CATALOG_CHANGES_TOPIC,
                eventPayload: await catalogChangeOf(entity),
              })
              // Nobody hears of what is processed while the backend stops.
              .catch(() => {});
            return entity;
          },
        });
      },
    });
  },
});

describe('datasetMigrationsPlugin', () => {
  const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });
  let backend: TestBackend | undefined;

  afterEach(async () => {
    await backend?.stop();
    backend = undefined;
  });

  it('G10: says no secret in its log', async () => {
    const lines: string[] = [];
    const logger: LoggerService = mockServices.logger.mock({
      warn: line => void lines.push(line),
      child: () => logger,
    });
    const engine = Object.assign(new PlacingEngine(), {
      async available() {
        throw new Error('no way to postgres://skein:hunter2@db/warehouse');
      },
    });
    backend = await startBackend({
      knex: await databases.init('POSTGRES_18'),
      engine,
      features: [
        createServiceFactory({
          service: coreServices.logger,
          deps: {},
          factory: () => logger,
        }),
      ],
    });
    const line = await poll('what it says of the engine', () =>
      lines.find(said => said.includes('no jobs of')),
    );
    expect(line).toBe(
      "This worker takes no jobs of 'memory': no way to postgres://***@db/warehouse",
    );
  });

  it('refuses a database that is not PostgreSQL and says what to set', async () => {
    await expect(
      startTestBackend({
        features: [
          datasetMigrationsPlugin,
          mockServices.database.factory({
            // The plugin looks at the client's name before it connects.
            knex: { client: { config: { client: 'better-sqlite3' } } } as any,
          }),
        ],
      }),
    ).rejects.toThrow("set backend.database.client to 'pg'");
  });

  it('hears of what changed in the catalog, and lets a blocked migration go on', async () => {
    backend = await startBackend({
      knex: await databases.init('POSTGRES_18'),
      features: [eventsServiceFactory, tellingModule],
    });
    const amelia = backend.as('amelia');
    const flights = 'resource:default/flights';
    backend.engine.of(flights).write(() => [{ id: '1', delay: '5' }]);
    const provide = (version: string) =>
      backend!.provide([
        dataset('flights'),
        component('reader', {
          consumesDatasets: [{ dataset: flights, version, fields: ['id'] }],
        }),
        component('pinned', {
          consumesDatasets: [
            {
              dataset: flights,
              version,
              fields: version === '>=1' ? ['id'] : ['delay'],
            },
          ],
        }),
      ]);
    const reads = async (version: string) => {
      const { items } = await amelia.getConsumers(flights);
      return (
        items.length === 2 &&
        items.every(({ consumer }) => consumer.constraint === version)
      );
    };
    const knows = (version: string) =>
      poll(`both consumers to read ${version}`, async () => {
        const { totalItems } = await amelia.listDatasets();
        return totalItems === 1 && reads(version);
      });
    await provide('^1.0.0');
    await knows('^1.0.0');
    await provide('1.x');
    await knows('1.x');

    const { id } = await amelia.startMigration({
      datasetRef: flights,
      targetVersion: '2.0.0',
      policy: 'switch',
    });
    const reaches = (state: string) =>
      poll(
        `the migration to be ${state}`,
        async () => (await amelia.getMigration(id)).state === state,
      );
    await reaches('blocked');
    await provide('>=1');
    await reaches('succeeded');
    expect((await amelia.getDataset(flights)).currentVersion).toBe('2.0.0');
  });

  it('asks the catalog for a dataset and who may read it at once', async () => {
    let reader: CatalogReader | undefined;
    const reading = createBackendPlugin({
      pluginId: 'test-reading',
      register(reg) {
        reg.registerInit({
          deps: {
            discovery: coreServices.discovery,
            auth: coreServices.auth,
          },
          async init(options) {
            reader = new CatalogReader(createOwnCatalog(options));
          },
        });
      },
    });
    backend = await startBackend({
      knex: await databases.init('POSTGRES_18'),
      features: [reading],
    });
    const flights = dataset('flights');
    const declares = { dataset: 'resource:default/flights', version: '^1.0.0' };
    await backend.publish([
      flights,
      dataset('stops'),
      component('reader', { consumesDatasets: [declares] }),
      component('depends', { dependsOn: [declares.dataset] }),
      component('other', {}),
    ]);
    const found: Entity[] = [];
    for await (const page of reader!.datasetAndConsumersOf(declares.dataset)) {
      found.push(...page);
    }
    const names = found.map(({ metadata }) => metadata.name).sort();
    expect(names).toEqual(['depends', 'flights', 'reader']);
    const own = found.find(({ kind }) => kind === 'Resource');
    expect(own?.spec?.contracts).toEqual(flights.spec?.contracts);
  });

  it('serves no routes as a worker, and runs no jobs as an API', async () => {
    const knex = await databases.init('POSTGRES_18');
    backend = await startBackend({ knex, config: { roles: ['worker'] } });
    const answer = await fetch(`${backend.api}/datasets`, {
      headers: asUser('amelia'),
    });
    expect(answer.status).toBe(404);
    await backend.stop();

    backend = await startBackend({ knex, config: { roles: ['api'] } });
    expect(await backend.as('amelia').getQueueStatus()).toMatchObject({
      workersAlive: 0,
      workers: [],
    });
  });

  describe('as a whole', () => {
    let whole: TestBackend;

    beforeAll(async () => {
      whole = await startBackend({
        knex: await databases.init('POSTGRES_18'),
        config: { catalog: { reconcileEvery: { seconds: 1 } } },
      });
    });

    afterAll(() => whole.stop());

    it('keeps datasets and consumers as the catalog has them', async () => {
      const amelia = whole.as('amelia');
      await whole.provide([
        dataset('flights', { dependencyOf: ['component:default/told-by-it'] }),
        dataset('broken', { contracts: ['version: ['] }),
        component('declares', {
          consumesDatasets: [
            {
              dataset: 'resource:default/flights',
              version: '^1.0.0',
              fields: ['delay'],
              webhook: 'https://hooks.test/declares?token=s3cr3t',
            },
          ],
        }),
        component('depends', { dependsOn: ['resource:default/flights'] }),
        component('stranger', { dependsOn: ['resource:default/database'] }),
        component('told-by-it', {}),
      ]);

      // The catalog shows one entity after the other.
      const page = await poll('both datasets and all consumers', async () => {
        const answer = await amelia.listDatasets();
        const counts = answer.items.map(({ consumerCount }) => consumerCount);
        return counts.join() === '0,3' && answer;
      });
      expect(page.items).toMatchObject([
        {
          entityRef: 'resource:default/broken',
          problems: [{ path: 'spec.contracts[0]' }],
        },
        {
          entityRef: 'resource:default/flights',
          owner: 'group:default/flight-data',
          engine: 'memory',
          currentVersion: '1.0.0',
          nextVersion: '2.0.0',
          problems: [],
        },
      ]);

      const { items } = await amelia.getConsumers('resource:default/flights');
      expect(
        items.map(({ consumer, verdict }) => [consumer.entityRef, verdict]),
      ).toEqual([
        ['component:default/declares', 'breaks'],
        ['component:default/depends', 'unknown'],
        ['component:default/told-by-it', 'unknown'],
      ]);
      expect(items[0].consumer).toMatchObject({
        owner: 'group:default/apps',
        constraint: '^1.0.0',
        // The query may be a secret.
        webhook: 'https://hooks.test/declares',
      });

      const consumed = await amelia.getConsumedDatasets(
        'component:default/declares',
      );
      expect(consumed.items).toMatchObject([
        {
          dataset: { entityRef: 'resource:default/flights' },
          constraint: '^1.0.0',
          coming: [{ verdict: { verdict: 'breaks' } }],
        },
      ]);

      await whole.provide([dataset('flights')]);
      await poll('the rest to go', async () => {
        const { totalItems, items: left } = await amelia.listDatasets();
        return totalItems === 1 && left[0].consumerCount === 0;
      });
    });

    it('serves its specification', async () => {
      const answer = await fetch(`${whole.api}/openapi.json`, {
        headers: asUser('amelia'),
      });
      const { paths } = await answer.json();
      expect(Object.keys(paths)).toContain(
        '/api/dataset-migrations/migrations',
      );
    });
  });
});
