import {
  Change,
  Consumer,
  MigrationPlan,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { parseConsumerDeclarations } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { parse } from 'yaml';
import { contract } from '../__testUtils__/MemoryEngine';
import { declarationPatch } from './declarationPatch';

const flights = 'resource:default/flights';

function patch(
  consumer: Partial<Consumer>,
  changes: Array<Partial<Change>>,
  toVersion = '2.0.0',
) {
  const plan = {
    fromVersion: '1.0.0',
    toVersion,
    changes,
  } as MigrationPlan;
  return declarationPatch(
    flights,
    {
      plan,
      from: contract('1.0.0', ['id', 'delay']),
      to: contract('2.0.0', ['id', 'arrival_delay']),
    },
    { entityRef: 'component:default/board', source: 'declared', ...consumer },
  );
}

const renamed = {
  kind: 'field-renamed',
  from: 'delay',
  to: 'arrival_delay',
} as const;

describe('declarationPatch', () => {
  it('accepts both versions and reads fields under their new names', () => {
    expect(
      patch(
        {
          constraint: '^1.0.0',
          fields: ['id', 'delay', 'address.street', 'crew'],
          webhook: 'https://board.test/hook',
        },
        [
          renamed,
          { kind: 'field-renamed', from: 'address', to: 'place' },
          { kind: 'field-dropped', from: 'crew' },
        ],
      ),
    ).toBe(`spec:
  consumesDatasets:
    - dataset: resource:default/flights
      version: ^1.0.0 || ^2.0.0
      fields:
        - id
        - arrival_delay
        - place.street
# crew is gone
# keep your webhook`);
  });

  it('is nothing where a declaration may stay as it is', () => {
    expect(patch({ constraint: '>=1', fields: ['id'] }, [renamed])).toBe(
      undefined,
    );
  });

  it('is nothing for a system that only follows, before a prerelease', () => {
    const follows = { constraint: '*', fields: [] };
    expect(patch(follows, [renamed], '2.0.0-rc.1')).toBeUndefined();
    expect(
      patch({ ...follows, fields: ['id'] }, [renamed], '2.0.0-rc.1'),
    ).toContain('version: "* || ^2.0.0-rc.1"');
  });

  it('G6: declares no fields of whom only some were found', () => {
    const found = {
      fields: ['delay'],
      evidence: [
        { by: 'parsed', field: 'delay', file: 'a.sql', line: 3 } as const,
      ],
    };
    expect(patch({ constraint: '>=1', ...found }, [renamed])).toBeUndefined();
    expect(
      patch({ constraint: '>=1', ...found, complete: 'declared' }, [renamed]),
    ).toContain('- arrival_delay');
  });

  it('names fields of one of several objects', () => {
    const moved = {
      kind: 'field-renamed',
      object: 'carriers',
      from: 'carriers.code',
      to: 'carriers.iata',
    } as const;
    expect(
      parse(
        patch({ constraint: '>=1', fields: ['code', 'carriers.code'] }, [
          moved,
        ])!,
      ),
    ).toMatchObject({
      spec: { consumesDatasets: [{ fields: ['carriers.iata'] }] },
    });
  });

  it('G10: is a declaration that parses, whatever fields are called', () => {
    const fields = ['yes', '- x', 'a: b', '#', "'", '"', '\n', '{', 'ä 1'];
    const { spec } = parse(patch({ fields }, [renamed])!);
    const [declared] = parseConsumerDeclarations({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'board' },
      spec,
    });
    expect(declared).toMatchObject({
      datasetRef: flights,
      constraint: '^1.0.0 || ^2.0.0',
      fields,
    });
    expect(declared.problem).toBeUndefined();
  });
});
