import { Entity } from '@backstage/catalog-model';

/**
 * Whether an entity is a dataset: `kind: Resource` with `spec.type: dataset`.
 *
 * @public
 */
export function isDataset(entity: Entity): boolean {
  return (
    entity.kind.toLocaleLowerCase('en-US') === 'resource' &&
    entity.spec?.type === 'dataset'
  );
}

/**
 * Whether an entity may read datasets. Those that declare `consumesDatasets`
 * do; those that only depend on a resource might, since the entity alone does
 * not tell what kind of resource it is. Better a tab that says "none" than a
 * consumer owner who is never told.
 *
 * @public
 */
export function isDatasetConsumer(entity: Entity): boolean {
  const declared = entity.spec?.consumesDatasets;
  if (Array.isArray(declared) && declared.length > 0) {
    return true;
  }
  return (entity.relations ?? []).some(
    relation =>
      relation.type === 'consumesDataset' ||
      (relation.type === 'dependsOn' &&
        relation.targetRef.startsWith('resource:')),
  );
}
