import { Entity } from '@backstage/catalog-model';
import { sourceOf } from './consumerDeclarations';

function entity(annotations: Record<string, string>): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'radar', annotations },
  };
}

describe('where the source of a consumer is', () => {
  it('is said by annotations', () => {
    expect(
      sourceOf(
        entity({
          'backstage.io/source-location': 'url:https://git.test/apps/radar/',
          'dataset-migrations/sql-dialect': 'BigQuery',
          'dataset-migrations/field-use': 'complete',
        }),
      ),
    ).toEqual({
      sourceUrl: 'https://git.test/apps/radar/',
      sqlDialect: 'bigquery',
      sourceComplete: true,
    });
    expect(sourceOf(entity({}))).toEqual({});
  });

  it('G10: is told when an annotation says nothing that is known', () => {
    expect(
      sourceOf(
        entity({
          'dataset-migrations/sql-dialect': 'big query',
          'dataset-migrations/field-use': 'yes',
        }),
      ),
    ).toEqual({
      sourceProblem:
        'its annotation dataset-migrations/sql-dialect must be one word, not "big query"; its annotation dataset-migrations/field-use must be "complete", not "yes"',
    });
  });
});
