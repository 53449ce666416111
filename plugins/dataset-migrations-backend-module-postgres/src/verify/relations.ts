import {
  Field,
  Mapping,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { ident } from '../connection/sql';
import { emitProjection, soleProjection } from '../emit/projection';
import { kindOfColumn } from '../emit/types';
import { mappedRows } from '../quarantine/setAside';
import { Layout, sourceColumns } from '../table/layout';

/** A column of the target with the type in which both sides are compared. */
export interface ComparedColumn {
  field: Field;
  name: string;
  /** Type of the column, as `format_type` prints it. */
  type: string;
  /** What the plan says that it is. */
  expectedType: string;
}

/**
 * Rows in the shape of the target, with its columns as `v0`, `v1`, ... of types
 * that can be hashed. The two sides of a comparison are such relations.
 */
export type Relation = string;

/**
 * The rows of a table that has the target's columns.
 *
 * @param clause - what follows the table's alias, `target`
 */
export function targetRelation(
  table: string,
  columns: ComparedColumn[],
  clause: string = '',
): Relation {
  const values = columns.map(
    (column, index) =>
      `${comparable(`target.${ident(column.name)}`, column.type)} AS v${index}`,
  );
  return `SELECT ${values.join(', ')} FROM ${table} AS target ${clause}`;
}

/**
 * The rows of the source that a mapping without agents maps, pushed through it.
 *
 * @param clause - what follows the table's alias, `source`
 */
export function mappedRelation(
  table: string,
  mapping: Mapping,
  existing: ReadonlyArray<{ name: string; type: string }>,
  columns: ComparedColumn[],
  clause: string = '',
): Relation {
  const emitted = emitProjection(soleProjection(mapping)!, {
    relation: 'source',
    columns: sourceColumns(mapping.source, existing),
  });
  const values = columns.map(({ field, type }, index) => {
    const { value } = emitted.find(
      ({ projected }) => projected.field.name === field.name,
    )!;
    return `${comparable(asColumn(value, type), type)} AS v${index}`;
  });
  const rows = mappedRows(table, mapping, existing, clause);
  return `SELECT ${values.join(', ')} FROM ${rows}`;
}

/** @param found - the columns of the target's table */
export function comparedColumns(
  layout: Layout,
  found: ReadonlyArray<{ name: string; type: string }>,
): ComparedColumn[] {
  return layout.columns.map(({ field, name, newType, from }) => {
    const expectedType = newType ?? from!.type;
    const column = found.find(other => other.name === name);
    return { field, name, type: column?.type ?? expectedType, expectedType };
  });
}

/**
 * The value as the column stores it. Text keeps its full length, as a cast to
 * `varchar(n)` would cut off what the column never held.
 */
function asColumn(value: string, type: string): string {
  const stored = type.startsWith('character varying') ? 'text' : type;
  return `(${value})::${stored}`;
}

/**
 * A value whose hash and equality tell every other value of its column apart.
 * Types without an extended hash become text, which settings of the session fix;
 * so does jsonb, whose hash takes 1, -1 and [1] for one. Text compares by its
 * bytes, whatever the collation of its column takes for equal.
 */
export function comparable(value: string, type: string): string {
  const kind = kindOfColumn(type);
  if (kind === 'string' && !type.startsWith('character(')) {
    return `${value} COLLATE "C"`;
  }
  return kind === undefined ||
    kind === 'array' ||
    kind === 'json' ||
    kind === 'string'
    ? `(${value})::text COLLATE "C"`
    : value;
}
