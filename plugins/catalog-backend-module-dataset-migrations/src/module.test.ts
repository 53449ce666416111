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
import { AlphaEntity as Entity } from '@backstage/catalog-model/alpha';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import {
  catalogProcessingExtensionPoint,
  EntityProvider,
} from '@backstage/plugin-catalog-node';
import { JsonObject } from '@backstage/types';
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
          connect: connection =>
            connection.applyMutation({
              type: 'full',
              entities: entities().map(item => ({
                entity: item,
                locationKey: 'test',
              })),
            }),
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
});

/** All entities, as soon as the catalog has processed every one of them. */
async function allEntities(backend: TestBackend): Promise<Map<string, Entity>> {
  const { port } = backend.server.address() as AddressInfo;
  const deadline = Date.now() + 45_000;
  let byName = new Map<string, Entity>();
  while (Date.now() < deadline) {
    const response = await fetch(
      `http://127.0.0.1:${port}/api/catalog/entities`,
      { headers: { Authorization: mockCredentials.service.header() } },
    );
    const list: Entity[] = await response.json();
    byName = new Map(list.map(item => [item.metadata.name, item]));
    const related = byName
      .get('good')
      ?.relations?.some(item => item.targetRef === 'component:default/reader');
    if (byName.size === entities().length && related) {
      break;
    }
    await new Promise(resolve => setTimeout(resolve, 100));
  }
  return byName;
}
