import { AddressInfo } from 'net';
import { createServer, Server } from 'http';
import {
  createBackendModule,
  RootConfigService,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestBackend,
  TestDatabases,
} from '@backstage/backend-test-utils';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { AlphaEntity as Entity } from '@backstage/catalog-model/alpha';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import {
  catalogProcessingExtensionPoint,
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import { JsonObject } from '@backstage/types';
import {
  CATALOG_CHANGES_TOPIC,
  CatalogChange,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import datasetModule from './index';

const databases = TestDatabases.create({ ids: ['POSTGRES_18'] });

jest.setTimeout(60_000);

const contract = (version: string, status: string, type = 'integer') => `
apiVersion: v3.1.0
kind: DataContract
id: flights
version: ${version}
status: ${status}
schema:
  - name: flights
    properties:
      - name: delay
        logicalType: ${type}
`;

const files: Record<string, string> = {
  '/contracts/1.yaml': contract('1.0.0', 'active'),
  '/contracts/2.yaml': contract('2.0.0', 'proposed'),
  '/contracts/active-too.yaml': contract('3.0.0', 'active'),
  '/contracts/broken.yaml': contract('4.0.0', 'proposed', 'quaternion'),
  '/migrations/1-to-2.yaml': `
kind: DatasetMigration
from: 1.0.0
to: 2.0.0
steps: []
`,
};

function resource(name: string, spec: JsonObject): Entity {
  return entity('Resource', name, {
    type: 'dataset',
    owner: 'team',
    ...spec,
  });
}

function component(name: string, spec: JsonObject): Entity {
  return entity('Component', name, {
    type: 'service',
    lifecycle: 'production',
    owner: 'team',
    ...spec,
  });
}

let address: string;

function entity(kind: string, name: string, spec: JsonObject): Entity {
  const location = `url:${address}/catalog-info.yaml`;
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: {
      name,
      annotations: {
        'backstage.io/managed-by-location': location,
        'backstage.io/managed-by-origin-location': location,
      },
    },
    spec,
  };
}

const text = (path: string) => ({ $text: path });

/** What the catalog would read; named after what is special about them. */
const entities = (): Entity[] => [
  resource('good', {
    contracts: [text('./contracts/1.yaml'), text('./contracts/2.yaml')],
    migrations: [text('./migrations/1-to-2.yaml')],
  }),
  resource('two-active', {
    contracts: [
      text('./contracts/1.yaml'),
      text('./contracts/active-too.yaml'),
    ],
  }),
  resource('unknown-type', { contracts: [text('./contracts/broken.yaml')] }),
  resource('no-contract', {}),
  resource('not-text', { contracts: [{ sql: 'drop table x' }, 7] }),
  resource('alias-bomb', {
    contracts: [
      `a: &a [x, x, x, x, x, x, x, x]
b: &b [*a, *a, *a, *a, *a, *a, *a, *a]
c: &c [*b, *b, *b, *b, *b, *b, *b, *b]
d: [*c, *c, *c, *c, *c, *c, *c, *c]`,
    ],
  }),
  component('reader', {
    consumesDatasets: [
      {
        dataset: 'resource:default/good',
        version: '^1.0.0',
        fields: ['delay'],
      },
    ],
  }),
  component('confused', {
    consumesDatasets: [
      { dataset: 'good', version: 'whatever' },
      { dataset: 'a/b/c:d' },
      'text',
      {
        dataset: 'two-active',
        webhook: 'https://user:s3cret@example.com/hook',
      },
    ],
  }),
  component('not-a-list', { consumesDatasets: { dataset: 'good' } }),
  component('unconcerned', {}),
];

let connection: EntityProviderConnection;

const publish = (list: Entity[]) =>
  connection.applyMutation({
    type: 'full',
    entities: list.map(item => ({ entity: item, locationKey: 'test' })),
  });

/** Gives the catalog the entities, as a location would. */
const providerModule = createBackendModule({
  pluginId: 'catalog',
  moduleId: 'test-entities',
  register(env) {
    env.registerInit({
      deps: { catalog: catalogProcessingExtensionPoint },
      async init({ catalog }) {
        const provider: EntityProvider = {
          getProviderName: () => 'test-entities',
          connect: async opened => {
            connection = opened;
            await publish(entities());
          },
        };
        catalog.addEntityProvider(provider);
      },
    });
  },
});

describe('catalogModuleDatasetMigrations in a real catalog', () => {
  let server: Server;
  let backend: TestBackend;
  let found: Map<string, Entity>;
  const events = mockServices.events.mock();

  beforeAll(async () => {
    server = createServer((request, response) => {
      const body = files[request.url ?? ''];
      response.writeHead(body ? 200 : 404).end(body);
    });
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    address = `http://127.0.0.1:${port}`;
    const knex = await databases.init('POSTGRES_18');
    const config: RootConfigService = mockServices.rootConfig({
      data: {
        backend: {
          baseUrl: 'http://localhost',
          listen: { port: 0, host: '127.0.0.1' },
          reading: { allow: [{ host: `127.0.0.1:${port}` }] },
        },
        catalog: { stitchingStrategy: { mode: 'immediate' } },
      },
    });
    backend = await startTestBackend({
      features: [
        mockServices.rootConfig.factory({ data: config.get() as JsonObject }),
        mockServices.database.factory({ knex }),
        events.factory,
        catalogPlugin,
        datasetModule,
        providerModule,
      ],
    });
    found = await allEntities(backend);
  });

  afterAll(async () => {
    await backend?.stop();
    await new Promise(resolve => server.close(resolve));
  });

  const messages = (name: string) =>
    (found.get(name)?.status?.items ?? []).map(item => item.message);

  it('keeps every entity, however bad', () => {
    expect([...found.keys()].sort()).toEqual(
      entities()
        .map(item => item.metadata.name)
        .sort(),
    );
  });

  it('has nothing to say about what is right', () => {
    for (const name of ['good', 'reader', 'unconcerned']) {
      expect(messages(name)).toEqual([]);
    }
  });

  it('keeps the texts of contracts and migration documents', () => {
    expect(found.get('good')?.spec?.contracts).toEqual([
      files['/contracts/1.yaml'],
      files['/contracts/2.yaml'],
    ]);
  });

  it('relates consumers to datasets, both ways', () => {
    expect(found.get('reader')?.relations).toEqual(
      expect.arrayContaining([
        { type: 'consumesDataset', targetRef: 'resource:default/good' },
        { type: 'dependsOn', targetRef: 'resource:default/good' },
      ]),
    );
    expect(found.get('good')?.relations).toEqual(
      expect.arrayContaining([
        { type: 'datasetConsumedBy', targetRef: 'component:default/reader' },
        { type: 'dependencyOf', targetRef: 'component:default/reader' },
      ]),
    );
  });

  it('relates a consumer whose declaration is otherwise bad', () => {
    expect(found.get('confused')?.relations).toEqual(
      expect.arrayContaining([
        { type: 'consumesDataset', targetRef: 'resource:default/good' },
      ]),
    );
  });

  it('G10: names path and value of what is wrong with a dataset', () => {
    expect(messages('two-active')).toEqual([
      'InputError: spec.contracts: only one contract may have the status active (got ["1.0.0","3.0.0"])',
    ]);
    expect(messages('unknown-type')).toEqual([
      'InputError: spec.contracts[0].schema[0].properties[0].logicalType: must be one of string, date, timestamp, time, number, integer, object, array, boolean (got "quaternion")',
    ]);
    expect(messages('no-contract')).toEqual([
      'InputError: spec.contracts: must hold at least one contract',
    ]);
    expect(messages('not-text')).toHaveLength(2);
    expect(messages('alias-bomb').join()).toMatch(/not valid YAML/);
  });

  it('G10: names path and value of what is wrong with a declaration', () => {
    expect(messages('confused')).toEqual([
      'InputError: spec.consumesDatasets[1].dataset: must be the reference of a dataset entity (got "a/b/c:d")',
      'InputError: spec.consumesDatasets[2]: must be an object (got "text")',
      'InputError: spec.consumesDatasets[0].version: must be a semantic version range that can be met (got "whatever")',
      'InputError: spec.consumesDatasets[3].webhook: must be an http or https address without credentials',
    ]);
    expect(messages('not-a-list')).toEqual([
      'InputError: spec.consumesDatasets: must be a list (got {"dataset":"good"})',
    ]);
  });

  it('G10: repeats no credentials in a message', () => {
    expect(messages('confused').join()).not.toContain('s3cret');
  });

  describe('tells of changes', () => {
    let round = 0;
    const changes = () =>
      events.publish.mock.calls
        .filter(([{ topic }]) => topic === CATALOG_CHANGES_TOPIC)
        .map(([{ eventPayload }]) => eventPayload as CatalogChange);
    const refs = () => changes().map(({ entityRef }) => entityRef);

    /** Makes these the entities, and waits until the catalog shows the change. */
    async function change(
      name: string,
      edit: (entity: Entity) => void,
    ): Promise<void> {
      const list = entities();
      const edited = list.find(item => item.metadata.name === name)!;
      edit(edited);
      edited.metadata.labels = { round: String((round += 1)) };
      await publish(list);
      await until(async () => {
        const shown = (await listEntities(backend)).get(name);
        return shown?.metadata.labels?.round === String(round);
      });
    }

    it('once of each entity that concerns datasets', () => {
      expect(refs().sort()).toEqual(
        entities()
          .filter(item => !/unconcerned|not-a-list/.test(item.metadata.name))
          .map(item => stringifyEntityRef(item))
          .sort(),
      );
      for (const { digest } of changes()) {
        expect(digest).toMatch(/^[0-9a-f]{64}$/);
      }
    });

    it('of what concerns them, and only when it changed', async () => {
      events.publish.mockClear();
      await change('reader', () => {});
      await change('unconcerned', () => {});
      expect(refs()).toEqual([]);

      await change('reader', ({ spec }) => {
        spec!.consumesDatasets = [{ dataset: 'good', version: '>=1' }];
      });
      expect(refs()).toEqual(['component:default/reader']);
    });

    it('of who consumes nothing any more', async () => {
      events.publish.mockClear();
      await change('reader', ({ spec }) => {
        delete spec!.consumesDatasets;
      });
      expect(changes()).toEqual([
        { entityRef: 'component:default/reader', digest: '' },
      ]);
    });

    it('again where it could not be published, and keeps the entity', async () => {
      const ref = 'component:default/unconcerned';
      const depend = () =>
        change('unconcerned', ({ spec }) => {
          spec!.dependsOn = ['resource:default/good'];
        });
      events.publish.mockClear();
      events.publish.mockImplementation(async ({ eventPayload }) => {
        if ((eventPayload as CatalogChange).entityRef === ref) {
          throw new Error('The bus is away');
        }
      });
      await depend();
      const [refused] = changes().filter(({ entityRef }) => entityRef === ref);
      expect(refused.digest).toMatch(/^[0-9a-f]{64}$/);

      events.publish.mockReset();
      await depend();
      expect(changes()).toEqual([refused]);
      await depend();
      expect(changes()).toEqual([refused]);
    });
  });
});

/** All entities, as soon as the catalog has processed every one of them. */
async function allEntities(backend: TestBackend): Promise<Map<string, Entity>> {
  let byName = new Map<string, Entity>();
  await until(async () => {
    byName = await listEntities(backend);
    const related = byName
      .get('good')
      ?.relations?.some(item => item.targetRef === 'component:default/reader');
    return byName.size === entities().length && related === true;
  });
  return byName;
}

async function listEntities(
  backend: TestBackend,
): Promise<Map<string, Entity>> {
  const { port } = backend.server.address() as AddressInfo;
  const response = await fetch(
    `http://127.0.0.1:${port}/api/catalog/entities`,
    { headers: { Authorization: mockCredentials.service.header() } },
  );
  const list: Entity[] = await response.json();
  return new Map(list.map(item => [item.metadata.name, item]));
}

/** Waits until something is so; what is expected afterwards says whether it was. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 45_000;
  while (!(await isSo()) && Date.now() < deadline) {
    await new Promise(resolve => setTimeout(resolve, 100));
  }
}
