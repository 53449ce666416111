import {
  Entity,
  getCompoundEntityRef,
  parseEntityRef,
  RELATION_DEPENDENCY_OF,
  RELATION_DEPENDS_ON,
} from '@backstage/catalog-model';
import { AlphaEntity, EntityStatusItem } from '@backstage/catalog-model/alpha';
import { ENTITY_STATUS_CATALOG_PROCESSING_TYPE } from '@backstage/catalog-client';
import { LocationSpec } from '@backstage/plugin-catalog-common';
import {
  CatalogProcessor,
  CatalogProcessorCache,
  CatalogProcessorEmit,
  processingResult,
} from '@backstage/plugin-catalog-node';
import {
  consumerDeclarationProblems,
  datasetFromEntity,
  DocumentProblem,
  formatProblem,
  isDatasetEntity,
  parseConsumerDeclarations,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { ChangeWatch } from './ChangeWatch';
import {
  RELATION_CONSUMES_DATASET,
  RELATION_DATASET_CONSUMED_BY,
} from './relations';

/** Problems of one entity that are shown; the rest follows when these are mended. */
const SHOWN_PROBLEMS = 20;

/** Characters of one message. */
const MAX_MESSAGE = 1_000;

/**
 * Checks the contracts and migration documents of datasets and what entities
 * say about the datasets they consume, relates consumers to datasets, and tells of
 * what changed of either.
 *
 * Nothing here throws or emits an error: the catalog would then keep the entity
 * as it was before, or without having been there before leave it out. Problems
 * become items of the entity's `status`, which its page shows as it shows the
 * catalog's own processing errors.
 */
export class DatasetEntityProcessor implements CatalogProcessor {
  constructor(private readonly changes: ChangeWatch) {}

  getProcessorName(): string {
    return 'DatasetEntityProcessor';
  }

  async postProcessEntity(
    entity: Entity,
    _location: LocationSpec,
    emit: CatalogProcessorEmit,
    cache: CatalogProcessorCache,
  ): Promise<Entity> {
    relateToDatasets(entity, emit);
    await this.changes.look(entity, cache);
    const problems = [
      ...consumerDeclarationProblems(entity),
      ...(isDatasetEntity(entity) ? datasetProblems(entity) : []),
    ];
    return problems.length > 0 ? withStatus(entity, problems) : entity;
  }
}

function relateToDatasets(entity: Entity, emit: CatalogProcessorEmit): void {
  const consumer = getCompoundEntityRef(entity);
  const relate = (type: string, inverse: string, datasetRef: string) => {
    const dataset = parseEntityRef(datasetRef);
    emit(
      processingResult.relation({ source: consumer, type, target: dataset }),
    );
    emit(
      processingResult.relation({
        source: dataset,
        type: inverse,
        target: consumer,
      }),
    );
  };
  for (const { datasetRef, source } of parseConsumerDeclarations(entity)) {
    if (source === 'declared') {
      relate(
        RELATION_CONSUMES_DATASET,
        RELATION_DATASET_CONSUMED_BY,
        datasetRef,
      );
      relate(RELATION_DEPENDS_ON, RELATION_DEPENDENCY_OF, datasetRef);
    }
  }
}

function datasetProblems(entity: Entity): DocumentProblem[] {
  const { contracts, problems } = datasetFromEntity(entity);
  const none = contracts.length === 0 && problems.length === 0;
  return none
    ? [{ path: 'spec.contracts', message: 'must hold at least one contract' }]
    : problems;
}

function withStatus(
  entity: AlphaEntity,
  problems: DocumentProblem[],
): AlphaEntity {
  const items = problems.slice(0, SHOWN_PROBLEMS).map(toStatusItem);
  if (problems.length > SHOWN_PROBLEMS) {
    items.push(
      statusItem(`and ${problems.length - SHOWN_PROBLEMS} more problems`),
    );
  }
  return {
    ...entity,
    status: {
      ...entity.status,
      items: [...(entity.status?.items ?? []), ...items],
    },
  };
}

function toStatusItem(problem: DocumentProblem): EntityStatusItem {
  return statusItem(formatProblem(problem).slice(0, MAX_MESSAGE));
}

/** The page shows items of this type that carry an error. */
function statusItem(message: string): EntityStatusItem {
  return {
    type: ENTITY_STATUS_CATALOG_PROCESSING_TYPE,
    level: 'error',
    message: `InputError: ${message}`,
    error: { name: 'InputError', message },
  };
}
