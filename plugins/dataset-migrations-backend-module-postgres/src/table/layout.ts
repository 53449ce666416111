import {
  columnName,
  Expression,
  Field,
  Mapping,
  ProjectedField,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { SourceColumn } from '../emit/emitExpression';
import { columnType, sqlType } from '../emit/types';
import { ColumnDefinition, TableDefinition } from './TableDefinition';

/** Where a column of the target comes from. */
export interface TargetColumn {
  field: Field;
  name: string;
  /**
   * The column of the source that it is: with its indexes, checks, comment and
   * grants. Absent for a new one.
   */
  from?: ColumnDefinition;
  /** The type that it gets; absent when it keeps the one of `from`. */
  newType?: string;
  notNull: boolean;
  /** Value for rows inserted later, when it differs from that of `from`. */
  default?: Expression;
}

/** The columns of the target, and those of the source that are no more. */
export interface Layout {
  columns: TargetColumn[];
  dropped: ColumnDefinition[];
}

/** The source's columns by field name, as expressions read them. */
export function sourceColumns(
  fields: Field[],
  existing: ReadonlyArray<{ name: string; type: string }>,
): Map<string, SourceColumn> {
  const columns = new Map<string, SourceColumn>();
  for (const field of fields) {
    const column = existing.find(({ name }) => name === columnName(field));
    if (column) {
      columns.set(field.name, {
        column: column.name,
        physicalType: column.type,
      });
    }
  }
  return columns;
}

/**
 * Decides for every field of the target whether it is a column of the source,
 * perhaps renamed or with another type, or a new one. Behind an imperative
 * agent nothing is known of where values come from but the name.
 */
export function layOut(mapping: Mapping, table: TableDefinition): Layout {
  const projected = lastProjection(mapping);
  const origins = originsOf(mapping, projected, table);
  const columns = mapping.target.map((field): TargetColumn => {
    const { expression } = projected.find(p => p.field.name === field.name)!;
    const from = origins.get(field.name);
    const before = mapping.source.find(f => columnName(f) === from?.name);
    if (!from || !before) {
      return {
        field,
        name: columnName(field),
        newType: columnType(field),
        notNull: field.required,
        default: defaultOf(field, expression),
      };
    }
    const kept =
      expression.op === 'field' && sqlType(before.type) === sqlType(field.type);
    return {
      field,
      name: columnName(field),
      from,
      newType: kept ? undefined : columnType(field),
      // A contract that says nothing new about NULL leaves the column alone.
      notNull:
        before.required === field.required ? from.notNull : field.required,
      default: kept ? undefined : defaultOf(field, expression),
    };
  });
  const kept = new Set(columns.map(column => column.from?.name));
  return {
    columns,
    dropped: table.columns.filter(({ name }) => !kept.has(name)),
  };
}

function lastProjection(mapping: Mapping): ProjectedField[] {
  const last = mapping.segments[mapping.segments.length - 1];
  if (last?.kind !== 'projection') {
    throw new TypeError('A mapping ends with a projection');
  }
  return last.fields;
}

/**
 * Every column of the source goes to one field at most: to the one that takes
 * it as it is rather than to one that casts it, and to its namesake first.
 */
function originsOf(
  mapping: Mapping,
  projected: ProjectedField[],
  table: TableDefinition,
): Map<string, ColumnDefinition> {
  const claims = projected
    .map(({ field, expression }) => {
      const source = readField(expression, mapping);
      const column = table.columns.find(c => c.name === source);
      const rank =
        (expression.op === 'field' ? 0 : 2) +
        (source === columnName(field) ? 0 : 1);
      return { name: field.name, column, rank };
    })
    .sort((a, b) => a.rank - b.rank);
  const origins = new Map<string, ColumnDefinition>();
  const taken = new Set<string>();
  for (const { name, column } of claims) {
    if (column && !taken.has(column.name)) {
      taken.add(column.name);
      origins.set(name, column);
    }
  }
  return origins;
}

/** The column that an expression is, or is a cast of. */
function readField(
  expression: Expression,
  mapping: Mapping,
): string | undefined {
  if (expression.op === 'cast') {
    return readField(expression.operand, mapping);
  }
  if (expression.op !== 'field') {
    return undefined;
  }
  const field = mapping.source.find(({ name }) => name === expression.name);
  return field && columnName(field);
}

/** The contract's default, or the constant that all rows get. */
function defaultOf(
  field: Field,
  expression: Expression,
): Expression | undefined {
  if (expression.op === 'literal') {
    return expression.value === null ? undefined : expression;
  }
  const { default: value } = field;
  if (value === undefined || value === null) {
    return undefined;
  }
  return {
    op: 'literal',
    value:
      typeof value === 'boolean' || typeof value === 'string'
        ? value
        : JSON.stringify(value),
    type: field.type,
  };
}
