import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import {
  CatalogChange,
  whatConcernsDatasets,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { createHash } from 'node:crypto';

/** What the catalog module tells of an entity when it has changed to this. */
export function changeOf(entity: Entity): CatalogChange {
  const text = whatConcernsDatasets(entity);
  return {
    entityRef: stringifyEntityRef(entity),
    digest: text ? createHash('sha256').update(text).digest('hex') : '',
  };
}
