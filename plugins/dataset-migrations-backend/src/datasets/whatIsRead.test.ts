import { mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import {
  catalogChangeOf,
  whatConcernsDatasets,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { contractText } from '../__testUtils__/testBackend';
import { readConsumers } from '../consumers/readConsumers';
import { EngineRegistry } from '../engines/EngineRegistry';
import { CatalogReader } from './CatalogReader';
import { hashDataset, readDataset } from './readDataset';

/** All that an entity can say of a dataset that it is, and of those that it reads. */
const all: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: {
    name: 'flights',
    namespace: 'default',
    title: 'Flights',
    description: 'All of them',
    annotations: { 'backstage.io/source-location': 'url:https://a.test/b' },
  },
  spec: {
    type: 'dataset',
    owner: 'flight-data',
    system: 'aviation',
    dependsOn: ['resource:default/raw'],
    contracts: [contractText('1.0.0', 'delay')],
    migrations: [],
    migrationWindows: [],
    consumesDatasets: [{ dataset: 'resource:default/raw', version: '^1.0.0' }],
  },
  relations: [],
};

/** Who it is; and what other entities have a part in, which events do not tell. */
const NOT_TOLD = [
  'apiVersion',
  'kind',
  'metadata.name',
  'metadata.namespace',
  'relations',
];

const WITHIN = ['metadata', 'metadata.annotations', 'spec'];

/** The paths that a function reads of an entity. */
async function pathsRead(read: (entity: Entity) => unknown): Promise<string[]> {
  const paths = new Set<string>();
  const watch = (part: object, prefix: string): object =>
    new Proxy(part, {
      get(target, key) {
        const value = Reflect.get(target, key);
        const path = `${prefix}${String(key)}`;
        if (WITHIN.includes(path)) {
          return watch(value, `${path}.`);
        }
        paths.add(path);
        return value;
      },
    });
  await read(watch(all, '') as Entity);
  return [...paths].sort();
}

/** An entity that says something else at one path. */
function otherwise(path: string): Entity {
  const entity = structuredClone(all) as Record<string, any>;
  const within = [...WITHIN].reverse().find(one => path.startsWith(`${one}.`))!;
  const part = within.split('.').reduce((one, key) => one[key], entity);
  part[path.slice(within.length + 1)] = 'another';
  return entity as Entity;
}

describe('what is read of an entity', () => {
  const engines = () =>
    EngineRegistry.create({
      factories: [],
      config: mockServices.rootConfig(),
      logger: mockServices.logger.mock(),
    });
  const asDataset = async (entity: Entity) => {
    hashDataset(entity, '');
    await readDataset(entity, '', await engines());
  };
  const asConsumer = async (entity: Entity) =>
    readConsumers(entity, () => true);

  it('is told by an event when it changes', async () => {
    const paths = [
      ...(await pathsRead(asDataset)),
      ...(await pathsRead(asConsumer)),
    ].filter(path => !NOT_TOLD.includes(path));
    expect(paths).toEqual(
      expect.arrayContaining(['spec.contracts', 'spec.consumesDatasets']),
    );
    const before = whatConcernsDatasets(all);
    const untold = paths.filter(
      path => whatConcernsDatasets(otherwise(path)) === before,
    );
    expect(untold).toEqual([]);
  });

  it('is told by the SHA-256 of one text, which another release compares with its own', async () => {
    const entity = (spec: Entity['spec']): Entity => ({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'radar' },
      spec,
    });
    const entityRef = 'component:default/radar';
    const reads = [{ dataset: 'flights', version: '^1.0.0' }];
    expect(await catalogChangeOf(entity({ consumesDatasets: reads }))).toEqual({
      entityRef,
      digest:
        'e0ce81b70db9734120f49e55abbc6d9a4e07d7507a7fdc144575eef517d013f6',
    });
    expect(await catalogChangeOf(entity({}))).toEqual({
      entityRef,
      digest: '',
    });
  });

  it('makes a dataset be read anew when it changes', async () => {
    const paths = await pathsRead(entity =>
      engines().then(none => readDataset(entity, '', none)),
    );
    const before = hashDataset(all, '');
    const missed = paths.filter(
      path =>
        !NOT_TOLD.includes(path) && hashDataset(otherwise(path), '') === before,
    );
    expect(missed).toEqual([]);
  });

  it('is asked of the catalog, however it is asked', async () => {
    const asked: string[][] = [];
    const reader = new CatalogReader({
      getEntityByRef: async () => undefined,
      async getEntitiesByRefs({ fields }) {
        asked.push(fields!);
        return { items: [] };
      },
      async *streamEntities({ fields }) {
        asked.push(fields!);
        yield [];
      },
    });
    const notAsked = async (
      ask: () => Promise<unknown> | AsyncIterable<unknown>,
      ...reads: Array<(entity: Entity) => unknown>
    ) => {
      const result = ask();
      if (Symbol.asyncIterator in result) {
        for await (const _page of result);
      }
      await result;
      const fields = asked.pop()!;
      const paths = await Promise.all(reads.map(pathsRead));
      return paths
        .flat()
        .filter(
          path =>
            !fields.some(
              field => path === field || path.startsWith(`${field}.`),
            ),
        );
    };
    expect(await notAsked(() => reader.datasets(), asDataset)).toEqual([]);
    expect(await notAsked(() => reader.consumers(), asConsumer)).toEqual([]);
    expect(
      await notAsked(
        () => reader.getEntities(['resource:default/flights']),
        asDataset,
        asConsumer,
        whatConcernsDatasets,
      ),
    ).toEqual([]);
  });
});
