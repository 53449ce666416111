import { PermissionCriteria } from '@backstage/plugin-permission-common';
import {
  isAndCriteria,
  isNotCriteria,
  isOrCriteria,
} from '@backstage/plugin-permission-node';
import { Knex } from 'knex';
import { DatasetPermissionFilter } from './rules';

/** Which datasets a caller may see: all, none, or those that match. */
export type DatasetScope =
  | { kind: 'all' }
  | { kind: 'none' }
  | { kind: 'some'; criteria: PermissionCriteria<DatasetPermissionFilter> };

/**
 * Narrows a query over `datasets` to a scope. The other lists narrow by a
 * subquery: see {@link whereDatasetInScope}.
 */
export function whereInScope(
  query: Knex.QueryBuilder,
  scope: DatasetScope,
): void {
  if (scope.kind === 'none') {
    query.whereRaw('false');
  } else if (scope.kind === 'some') {
    query.andWhere(builder => applyCriteria(builder, scope.criteria));
  }
}

/**
 * Narrows a query to the rows whose `column` names a dataset within a scope.
 * A row whose dataset has left the catalog is seen by those who see all.
 */
export function whereDatasetInScope(
  knex: Knex,
  query: Knex.QueryBuilder,
  column: string,
  scope: DatasetScope,
): void {
  if (scope.kind === 'some') {
    const datasets = knex('datasets').select('entity_ref');
    whereInScope(datasets, scope);
    query.whereIn(column, datasets);
  } else {
    whereInScope(query, scope);
  }
}

function applyCriteria(
  query: Knex.QueryBuilder,
  criteria: PermissionCriteria<DatasetPermissionFilter>,
): void {
  if (isAndCriteria(criteria)) {
    for (const child of criteria.allOf) {
      query.andWhere(builder => applyCriteria(builder, child));
    }
  } else if (isOrCriteria(criteria)) {
    for (const child of criteria.anyOf) {
      query.orWhere(builder => applyCriteria(builder, child));
    }
  } else if (isNotCriteria(criteria)) {
    // NULL columns match no rule, hence match its negation: `NOT (x IN ...)`
    // alone would be NULL for them and hide what `apply` allows.
    query.whereNot(builder => applyCriteria(builder, criteria.not));
  } else {
    query.whereRaw(`coalesce(?? = any(?), false)`, [
      criteria.column,
      criteria.values,
    ]);
  }
}
