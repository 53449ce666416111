import { Entity } from '@backstage/catalog-model';
import { JsonObject } from '@backstage/types';
import { whatConcernsDatasets } from './catalogChanges';

function entity(
  kind: string,
  spec: JsonObject,
  metadata: Partial<Entity['metadata']> = {},
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind,
    metadata: { name: 'it', ...metadata },
    spec,
  };
}

const reads = { consumesDatasets: [{ dataset: 'flights', version: '^1.0.0' }] };
const isOne = { type: 'dataset', contracts: ['version: 1.0.0'] };

const consumer = (spec: JsonObject = {}, metadata = {}) =>
  whatConcernsDatasets(entity('Component', { ...reads, ...spec }, metadata));
const dataset = (spec: JsonObject = {}, metadata = {}) =>
  whatConcernsDatasets(entity('Resource', { ...isOne, ...spec }, metadata));

describe('whatConcernsDatasets', () => {
  it('is nothing of who neither is a dataset nor reads one', () => {
    const others: Array<[string, JsonObject]> = [
      ['Component', {}],
      ['Component', { dependsOn: ['component:default/x'] }],
      ['Component', { consumesDatasets: [] }],
      ['Component', { consumesDatasets: 'flights' }],
      ['Resource', { type: 'database' }],
      ['User', {}],
    ];
    for (const [kind, spec] of others) {
      expect(whatConcernsDatasets(entity(kind, spec))).toBeUndefined();
    }
    expect(
      whatConcernsDatasets({ ...entity('Component', {}), spec: undefined }),
    ).toBeUndefined();
  });

  it.each<[string, JsonObject, object]>([
    [
      'declaration',
      { consumesDatasets: [{ dataset: 'flights', version: '>=1' }] },
      {},
    ],
    ['dependencies', { dependsOn: ['resource:default/flights'] }, {}],
    ['owner', { owner: 'apps' }, {}],
    ['title', {}, { title: 'It' }],
    ...[
      'backstage.io/source-location',
      'dataset-migrations/sql-dialect',
      'dataset-migrations/field-use',
    ].map((name): [string, JsonObject, object] => [
      `annotation ${name}`,
      {},
      { annotations: { [name]: 'x' } },
    ]),
  ])('is another with another %s of a consumer', (_what, spec, metadata) => {
    expect(consumer(spec, metadata)).not.toBe(consumer());
  });

  it.each<[string, JsonObject, object]>([
    ['contract', { contracts: ['version: 1.0.1'] }, {}],
    ['migration document', { migrations: ['from: 1.0.0'] }, {}],
    ['window', { migrationWindows: [{ days: ['mon'] }] }, {}],
    ['owner', { owner: 'apps' }, {}],
    ['system', { system: 'aviation' }, {}],
    ['input', { dependsOn: ['resource:default/raw'] }, {}],
    ['title', {}, { title: 'It' }],
    ['description', {}, { description: 'Of it' }],
  ])('is another with another %s of a dataset', (_what, spec, metadata) => {
    expect(dataset(spec, metadata)).not.toBe(dataset());
  });

  it('is the same whatever else changes', () => {
    const metadata = {
      labels: { a: 'b' },
      tags: ['c'],
      uid: 'd',
      etag: 'e',
      annotations: { 'backstage.io/view-url': 'f' },
    };
    expect(dataset({ lifecycle: 'g' }, metadata)).toBe(dataset());
    expect(
      consumer({ type: 'website' }, { ...metadata, description: 'h' }),
    ).toBe(consumer());
    expect(
      whatConcernsDatasets({
        ...entity('Component', reads),
        relations: [{ type: 'ownedBy', targetRef: 'group:default/i' }],
      }),
    ).toBe(consumer());
  });
});
