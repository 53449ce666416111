import {
  ANNOTATION_SOURCE_LOCATION,
  Entity,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { JsonValue } from '@backstage/types';
import {
  ANNOTATION_FIELD_USE,
  ANNOTATION_SQL_DIALECT,
  parseConsumerDeclarations,
} from './consumerDeclarations';
import { isDatasetEntity } from './datasetFromEntity';

/**
 * Topic of the events service on which the catalog module tells of entities of which
 * something changed that concerns datasets; see {@link CatalogChange}.
 *
 * @public
 */
export const CATALOG_CHANGES_TOPIC = 'dataset-migrations.catalog';

/**
 * The catalog processed an entity, and what concerns datasets of it is another than
 * before. The API of the catalog may give the entity as it was for some seconds more.
 *
 * @public
 */
export interface CatalogChange {
  entityRef: string;
  /**
   * SHA-256 of what {@link whatConcernsDatasets} gives of the entity, by which it is
   * known once the catalog gives it; empty where that is nothing any more.
   */
  digest: string;
}

const ANNOTATIONS = [
  ANNOTATION_SOURCE_LOCATION,
  ANNOTATION_SQL_DIALECT,
  ANNOTATION_FIELD_USE,
];

/**
 * All that an entity itself says about a dataset that it is, and about those that it
 * reads. Relations are left out: they are other entities' doing, too.
 *
 * @returns a text that is the same as long as this is; undefined for who says nothing
 *   of the kind
 * @public
 */
export function whatConcernsDatasets(entity: Entity): string | undefined {
  const { metadata, spec = {} } = entity;
  const isDataset = isDatasetEntity(entity);
  if (!isDataset && parseConsumerDeclarations(entity).length === 0) {
    return undefined;
  }
  const parts: Array<JsonValue | undefined> = [
    metadata.title,
    spec.owner,
    spec.dependsOn,
    spec.consumesDatasets,
    ...ANNOTATIONS.map(name => metadata.annotations?.[name]),
    ...(isDataset
      ? [
          metadata.description,
          spec.system,
          spec.contracts,
          spec.migrations,
          spec.migrationWindows,
        ]
      : []),
  ];
  return JSON.stringify(parts);
}

/**
 * What is told of an entity when it has changed to this, by who processes it; and by what
 * who was told knows it again.
 *
 * @public
 */
export async function catalogChangeOf(entity: Entity): Promise<CatalogChange> {
  const text = whatConcernsDatasets(entity);
  return {
    entityRef: stringifyEntityRef(entity),
    digest: text === undefined ? '' : await sha256(text),
  };
}

/** In hex. By what browsers and Node both have. */
async function sha256(text: string): Promise<string> {
  const digest = await globalThis.crypto.subtle.digest(
    'SHA-256',
    new TextEncoder().encode(text),
  );
  return [...new Uint8Array(digest)]
    .map(byte => byte.toString(16).padStart(2, '0'))
    .join('');
}
