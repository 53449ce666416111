import {
  Entity,
  RELATION_DEPENDS_ON,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { DeclaredConsumer } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  parseConsumerDeclarations,
  sourceOf,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { RELATION_CONSUMES_DATASET } from '../datasets/CatalogReader';
import { ownerOf, relationsOf, titleOf } from '../datasets/entityRefs';

/**
 * The datasets that an entity reads: those it declares, and those it depends on
 * by a relation, from whichever side that was written down. At most one entry
 * per dataset.
 *
 * @param isDataset - whether a ref is a dataset; who only depends on a resource
 *   is a consumer only if that is one
 */
export function readConsumers(
  entity: Entity,
  isDataset: (ref: string) => boolean,
): DeclaredConsumer[] {
  const consumers = new Map<string, DeclaredConsumer>();
  for (const consumer of parseConsumerDeclarations(entity)) {
    const { datasetRef, source } = consumer;
    const earlier = consumers.get(datasetRef);
    if (earlier) {
      earlier.problem ??= `declares ${datasetRef} more than once in spec.consumesDatasets`;
    } else if (source === 'declared' || isDataset(datasetRef)) {
      consumers.set(datasetRef, consumer);
    }
  }
  const related = [
    ...relationsOf(entity, RELATION_CONSUMES_DATASET),
    ...relationsOf(entity, RELATION_DEPENDS_ON),
  ];
  for (const datasetRef of related) {
    if (!consumers.has(datasetRef) && isDataset(datasetRef)) {
      consumers.set(datasetRef, {
        datasetRef,
        entityRef: stringifyEntityRef(entity),
        title: titleOf(entity),
        owner: ownerOf(entity),
        source: 'depends-on',
        ...sourceOf(entity),
      });
    }
  }
  return [...consumers.values()];
}
