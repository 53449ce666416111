import { Entity } from '@backstage/catalog-model';
import { JsonObject } from '@backstage/types';
import { contractText } from '../__testUtils__/contractText';
import { currentVersionOf, nextVersions } from '../contracts/versions';
import { formatProblem } from '../documents/problems';
import {
  consumerDeclarationProblems,
  parseConsumerDeclarations,
} from './consumerDeclarations';
import { datasetFromEntity, isDatasetEntity } from './datasetFromEntity';

const entity = (spec: unknown, kind = 'Component'): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind,
  metadata: { name: 'X', namespace: 'Team-A', title: 'Ex' },
  spec: spec as JsonObject,
});

describe('parseConsumerDeclarations', () => {
  it('reads declarations and dependencies', () => {
    const consumers = parseConsumerDeclarations(
      entity({
        owner: 'flyers',
        dependsOn: [
          'resource:default/Flights',
          'resource:zips',
          'component:default/y',
        ],
        consumesDatasets: [
          {
            dataset: 'resource:default/flights',
            version: '^1.0.0',
            fields: ['delay'],
            webhook: 'https://example.com/hook',
          },
        ],
      }),
    );
    const about = {
      entityRef: 'component:team-a/x',
      owner: 'group:team-a/flyers',
      title: 'Ex',
    };
    expect(consumers).toEqual([
      {
        ...about,
        datasetRef: 'resource:default/flights',
        source: 'declared',
        constraint: '^1.0.0',
        fields: ['delay'],
        webhook: 'https://example.com/hook',
      },
      { ...about, datasetRef: 'resource:team-a/zips', source: 'depends-on' },
    ]);
  });

  it.each<[string, unknown, string]>([
    [
      'a version that is no range',
      { version: 'soon' },
      'spec.consumesDatasets[0].version: must be a semantic version range that can be met (got "soon")',
    ],
    [
      'a range that nothing meets',
      { version: '>2.0.0 <1.0.0' },
      'that can be met (got ">2.0.0 <1.0.0")',
    ],
    ['a version that is a number', { version: 1 }, 'that can be met (got 1)'],
    [
      'a huge range',
      { version: '1 || '.repeat(10_000) },
      'that can be met (got "a long value")',
    ],
    [
      'fields that are no list',
      { fields: 'delay' },
      'fields: must be a list of field names (got "delay")',
    ],
    [
      'a field that is no name',
      { fields: ['a', null] },
      'fields: must be a list of field names (got ["a",null])',
    ],
    [
      'another protocol',
      { webhook: 'file:///etc/passwd' },
      'webhook: must be an http or https address without credentials',
    ],
    [
      'no address',
      { webhook: 'nowhere' },
      'webhook: must be an http or https address',
    ],
    [
      'an unknown property',
      { sql: 'drop' },
      'spec.consumesDatasets[0].sql: is not a known property',
    ],
  ])('G10: turns %s into a problem of the consumer', (_, details, problem) => {
    const bad = entity({
      consumesDatasets: [{ dataset: 'flights', ...(details as JsonObject) }],
    });
    const [consumer] = parseConsumerDeclarations(bad);
    expect(consumer.datasetRef).toBe('resource:team-a/flights');
    expect(consumer.problem).toContain(problem);
    expect(consumerDeclarationProblems(bad).map(formatProblem)).toEqual([
      expect.stringContaining(problem),
    ]);
  });

  it('says when a dataset is declared twice', () => {
    const consumers = parseConsumerDeclarations(
      entity({ consumesDatasets: [{ dataset: 'a' }, { dataset: 'A' }] }),
    );
    expect(consumers).toEqual([
      expect.objectContaining({
        problem: 'declares the dataset more than once',
      }),
    ]);
  });

  it.each<[unknown]>([
    [undefined],
    [{ consumesDatasets: null }],
    [{ consumesDatasets: 'x' }],
    [{ consumesDatasets: [null, 1, [], 'x', {}] }],
    [
      {
        consumesDatasets: [
          { dataset: '' },
          { dataset: 'a/b/c:d' },
          { dataset: '../../x' },
          { dataset: 'x'.repeat(5_000) },
        ],
      },
    ],
    [{ dependsOn: 'x', owner: {}, consumesDatasets: {} }],
    [{ dependsOn: [null, {}, '', 'x', ':::', 'resource:'] }],
  ])('G10: survives %j', spec => {
    expect(parseConsumerDeclarations(entity(spec))).toEqual([]);
    expect(() => consumerDeclarationProblems(entity(spec))).not.toThrow();
  });
});

describe('datasetFromEntity', () => {
  const contract = (version: string, status = 'proposed') =>
    contractText(version, [{ name: 'a', logicalType: 'string' }], { status });

  const read = (spec: JsonObject) => {
    const result = datasetFromEntity(
      entity({ type: 'dataset', ...spec }, 'Resource'),
    );
    return {
      versions: result.contracts.map(item => item.version),
      documents: result.documents.length,
      problems: result.problems.map(formatProblem),
    };
  };

  it('reads contracts from the lowest version up', () => {
    expect(
      read({
        contracts: [
          contract('10.0.0'),
          contract('2.0.0'),
          contract('1.0.0', 'active'),
        ],
        migrations:
          'kind: DatasetMigration\nfrom: 1.0.0\nto: 2.0.0\nsteps: [{ agent: drop-field, payload: { field: x } }]',
      }),
    ).toEqual({
      versions: ['1.0.0', '2.0.0', '10.0.0'],
      documents: 1,
      problems: [],
    });
  });

  it.each<[string, JsonObject, string]>([
    [
      'two active contracts',
      { contracts: [contract('1.0.0', 'active'), contract('2.0.0', 'active')] },
      'spec.contracts: only one contract may have the status active (got ["1.0.0","2.0.0"])',
    ],
    [
      'one version twice',
      { contracts: [contract('1.0.0'), contract('1.0.0')] },
      'spec.contracts[1]: has the same version as spec.contracts[0] (got "1.0.0")',
    ],
    [
      'a placeholder that was not resolved',
      { contracts: [{ $text: './x.yaml' }] },
      'spec.contracts[0]: must be the text of a document',
    ],
    [
      'a broken contract',
      { contracts: ['a: ['] },
      'spec.contracts[0]: is not valid YAML',
    ],
    [
      'a document of unknown versions',
      {
        contracts: [contract('1.0.0')],
        migrations: [
          'kind: DatasetMigration\nfrom: 1.0.0\nto: 3.0.0\nsteps: []',
        ],
      },
      'spec.migrations[0].to: is the version of no valid contract of this dataset (got "3.0.0")',
    ],
    [
      'a document without steps',
      { migrations: ['kind: DatasetMigration\nfrom: 1.0.0\nto: 3.0.0'] },
      'spec.migrations[0].steps: is required',
    ],
    [
      'a step without an agent',
      {
        migrations: [
          'kind: DatasetMigration\nfrom: 1.0.0\nto: 3.0.0\nsteps: [{ payload: {} }]',
        ],
      },
      'spec.migrations[0].steps[0].agent: is required',
    ],
    [
      'a version of a document that is none',
      {
        migrations: ['kind: DatasetMigration\nfrom: "1"\nto: 3.0.0\nsteps: []'],
      },
      'spec.migrations[0].from: must be a semantic version such as 1.2.0 (got "1")',
    ],
    [
      'too many contracts',
      { contracts: Array(201).fill('x') },
      'spec.contracts: must have at most 200 entries (got 201)',
    ],
  ])('G10: says what is wrong with %s', (_, spec, problem) => {
    expect(read(spec).problems.join('\n')).toContain(problem);
  });

  it('keeps what is right beside what is wrong', () => {
    expect(
      read({ contracts: ['nonsense', contract('1.0.0')] }).versions,
    ).toEqual(['1.0.0']);
  });

  it('knows a dataset', () => {
    expect(isDatasetEntity(entity({ type: 'dataset' }, 'resource'))).toBe(true);
    expect(isDatasetEntity(entity({ type: 'database' }, 'Resource'))).toBe(
      false,
    );
    expect(isDatasetEntity(entity({ type: 'dataset' }, 'Component'))).toBe(
      false,
    );
    expect(isDatasetEntity(entity(undefined, 'Resource'))).toBe(false);
  });

  it('knows the current version and those after it', () => {
    const { contracts } = datasetFromEntity(
      entity(
        {
          type: 'dataset',
          contracts: [
            contract('10.0.0'),
            contract('2.0.0'),
            contract('1.0.0', 'active'),
            contract('3.0.0', 'retired'),
          ],
        },
        'Resource',
      ),
    );
    expect(currentVersionOf(contracts)).toBe('1.0.0');
    expect(currentVersionOf(contracts, '2.0.0')).toBe('2.0.0');
    expect(nextVersions(contracts, '1.0.0')).toEqual(['2.0.0', '10.0.0']);
    expect(nextVersions(contracts, '10.0.0')).toEqual([]);
  });
});
