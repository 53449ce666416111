import { QueryEntitiesInitialRequest } from '@backstage/catalog-client';
import {
  Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { CatalogFilter } from '@skein/backstage-plugin-dataset-migrations-common';
import { isDatasetEntity } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { OwnCatalog } from './ownCatalog';

/** Emitted by the catalog module for `spec.consumesDatasets`. */
export const RELATION_CONSUMES_DATASET = 'consumesDataset';

/** Contracts are long, so a page of datasets is short. */
const DATASETS_PER_PAGE = 50;
const CONSUMERS_PER_PAGE = 500;
/** Of a dataset and who reads it, among whom there may be other datasets. */
const ENTITIES_PER_PAGE = 100;
const REFS_PER_PAGE = 1_000;

const REF_FIELDS = [
  'apiVersion',
  'kind',
  'metadata.name',
  'metadata.namespace',
];
const HEADER_FIELDS = [...REF_FIELDS, 'metadata.title', 'relations'];
const DATASET_FIELDS = [
  ...HEADER_FIELDS,
  'metadata.description',
  'spec.type',
  'spec.owner',
  'spec.system',
  'spec.dependsOn',
  'spec.contracts',
  'spec.migrations',
  'spec.migrationWindows',
];
const CONSUMER_FIELDS = [
  ...HEADER_FIELDS,
  'metadata.annotations',
  'spec.owner',
  'spec.dependsOn',
  'spec.consumesDatasets',
];
/** Of who may be either; not what else is in a `spec`, as the definition of an API is. */
const ENTITY_FIELDS = [...new Set([...DATASET_FIELDS, ...CONSUMER_FIELDS])];

type Selection = Pick<QueryEntitiesInitialRequest, 'query' | 'filter'>;

/** A field of an entity by its path, and the value it must have. */
type Condition = Record<`${string}.${string}`, string>;

/**
 * What may stand in a filter, in which commas separate conditions. Names have none in
 * them, but where an installation lets them.
 */
const PLAIN_REF = /^[\w.:/-]+$/;

/**
 * What the read model asks the catalog, as the plugin itself: filtered there,
 * page by page, with the fields that matter.
 */
export class CatalogReader {
  constructor(private readonly catalog: OwnCatalog) {}

  /** The dataset with that ref; undefined when there is none. */
  async getDataset(entityRef: string): Promise<Entity | undefined> {
    const entity = await this.catalog.getEntityByRef(entityRef);
    return entity && isDatasetEntity(entity) ? entity : undefined;
  }

  /** Those of the entities that there are, with all that the read model reads. */
  async getEntities(entityRefs: string[]): Promise<Entity[]> {
    const { items } = await this.catalog.getEntitiesByRefs({
      entityRefs,
      fields: ENTITY_FIELDS,
    });
    return items.filter(entity => entity !== undefined);
  }

  /** Every dataset of the catalog. */
  datasets(): AsyncIterable<Entity[]> {
    return this.stream(
      { query: { $all: [{ kind: 'resource' }, { 'spec.type': 'dataset' }] } },
      DATASET_FIELDS,
      DATASETS_PER_PAGE,
    );
  }

  /**
   * Refs of the datasets that match one of the filters.
   *
   * @throws as the catalog does for a filter that it does not take
   */
  async findDatasets(filters: CatalogFilter[]): Promise<string[]> {
    const refs: string[] = [];
    for await (const page of this.catalog.streamEntities({
      filter: filters.map(filter => ({
        ...filter,
        kind: 'resource',
        'spec.type': 'dataset',
      })),
      fields: REF_FIELDS,
      pageSize: REFS_PER_PAGE,
    })) {
      refs.push(...page.map(entity => stringifyEntityRef(entity)));
    }
    return refs;
  }

  /** Every entity that may be a consumer: whoever depends on a resource too. */
  consumers(): AsyncIterable<Entity[]> {
    return this.stream(
      {
        query: {
          $any: [
            { [`relations.${RELATION_CONSUMES_DATASET}`]: { $exists: true } },
            { 'spec.consumesDatasets.dataset': { $exists: true } },
            { 'relations.dependsOn': { $hasPrefix: 'resource:' } },
          ],
        },
      },
      CONSUMER_FIELDS,
      CONSUMERS_PER_PAGE,
    );
  }

  /** The entities that may be consumers of one dataset. */
  consumersOf(datasetRef: string): AsyncIterable<Entity[]> {
    return this.stream(
      selectAny(datasetRef, whoMayRead(datasetRef)),
      CONSUMER_FIELDS,
      CONSUMERS_PER_PAGE,
    );
  }

  /** The same, and the dataset itself, with all that the read model reads. */
  datasetAndConsumersOf(datasetRef: string): AsyncIterable<Entity[]> {
    const { name } = parseEntityRef(datasetRef);
    return this.stream(
      // Few have the same name, while kind and namespace are those of most.
      selectAny(datasetRef, [
        { 'metadata.name': name },
        ...whoMayRead(datasetRef),
      ]),
      ENTITY_FIELDS,
      ENTITIES_PER_PAGE,
    );
  }

  private async *stream(
    selection: Selection,
    fields: string[],
    pageSize: number,
  ): AsyncIterable<Entity[]> {
    yield* this.catalog.streamEntities({
      ...selection,
      fields,
      pageSize,
      totalItems: 'exclude',
    });
  }
}

/**
 * Entities that meet one of the conditions: by a filter, which the catalog checks
 * quicker than a query, unless the ref would not be one value there.
 */
function selectAny(datasetRef: string, conditions: Condition[]): Selection {
  return PLAIN_REF.test(datasetRef)
    ? { filter: conditions }
    : { query: { $any: conditions } };
}

function whoMayRead(datasetRef: string): Condition[] {
  return [
    { [`relations.${RELATION_CONSUMES_DATASET}`]: datasetRef },
    { 'spec.consumesDatasets.dataset': datasetRef },
    { 'relations.dependsOn': datasetRef },
  ];
}
