import {
  Change,
  ChangeEffect,
  RESOURCE_TYPE_DATASET,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { gravestEffect } from '@skein/backstage-plugin-dataset-migrations-common/planning';
import {
  createPermissionResourceRef,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
import { z } from 'zod';

/**
 * What a rule may look at: the parts of a dataset that say whose it is, where
 * it is kept, and what is ahead of it.
 *
 * @public
 */
export interface DatasetPermissionResource {
  /** Entity ref of the dataset. */
  entityRef: string;
  /** Entity ref of its owner. */
  owner?: string;
  /** Id of the engine that holds it. */
  engine?: string;
  /**
   * The gravest change of the migration that is spoken of; without one, on the way
   * from its current version to any later one. Undefined without a current version.
   */
  severity?: ChangeEffect;
}

/**
 * Of a migration rules judge its own changes, not those of versions to come: who may
 * not make a change must not undo it either, and need not be asked about others.
 */
export function aboutMigration(
  changes: readonly Change[],
): Pick<DatasetPermissionResource, 'severity'> {
  return { severity: gravestEffect(changes) };
}

/**
 * A rule as a filter of rows: `column` has one of `values`.
 *
 * @public
 */
export interface DatasetPermissionFilter {
  column: 'owner' | 'engine' | 'severity';
  values: string[];
}

/**
 * The resource that conditional decisions about datasets speak of; modules use
 * it to add rules of their own.
 *
 * @public
 */
export const datasetPermissionResourceRef = createPermissionResourceRef<
  DatasetPermissionResource,
  DatasetPermissionFilter
>().with({
  pluginId: 'dataset-migrations',
  resourceType: RESOURCE_TYPE_DATASET,
});

export const isDatasetOwner = createPermissionRule({
  name: 'IS_DATASET_OWNER',
  description: 'Allow datasets that are owned by one of the claims',
  resourceRef: datasetPermissionResourceRef,
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .describe('Entity refs of users and groups, usually those of the caller'),
  }),
  apply: (dataset, { claims }) =>
    dataset.owner !== undefined && claims.includes(dataset.owner),
  toQuery: ({ claims }) => ({ column: 'owner', values: claims }),
});

export const hasDatasetEngine = createPermissionRule({
  name: 'HAS_DATASET_ENGINE',
  description: 'Allow datasets that are held by one of the engines',
  resourceRef: datasetPermissionResourceRef,
  paramsSchema: z.object({
    engines: z
      .array(z.string())
      .describe('Ids of engines, such as postgres or duckdb'),
  }),
  apply: (dataset, { engines }) =>
    dataset.engine !== undefined && engines.includes(dataset.engine),
  toQuery: ({ engines }) => ({ column: 'engine', values: engines }),
});

export const hasSeverity = createPermissionRule({
  name: 'HAS_SEVERITY',
  description:
    'Allow migrations whose gravest change is one of the severities; where none is spoken of, datasets whose gravest change on the way to any later version is',
  resourceRef: datasetPermissionResourceRef,
  paramsSchema: z.object({
    severities: z
      .array(z.enum(['breaking', 'risky', 'compatible']))
      .describe('Grades of changes, such as compatible and risky'),
  }),
  apply: (dataset, { severities }) =>
    dataset.severity !== undefined && severities.includes(dataset.severity),
  toQuery: ({ severities }) => ({ column: 'severity', values: severities }),
});

export const datasetPermissionRules = {
  isDatasetOwner,
  hasDatasetEngine,
  hasSeverity,
};
