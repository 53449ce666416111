import { InputError } from '@backstage/errors';
import {
  Expression,
  FieldType,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { ident, literal } from '../connection/sql';
import { castSql } from './casts';
import { emitCall } from './functions';
import { computedType, kindOfColumn } from './types';

/** A column that an expression may read. */
export interface SourceColumn {
  column: string;
  /** As `format_type` prints it. */
  physicalType: string;
}

/** What an expression is emitted against. */
export interface EmitScope {
  /** Alias or quoted table that the columns belong to. */
  relation: string;
  /** By name of the field. */
  columns: ReadonlyMap<string, SourceColumn>;
  /**
   * Makes every cast yield NULL instead of raising: for queries that count
   * what would fail.
   */
  lenient?: boolean;
}

/**
 * SQL of an expression over the source's columns. Nothing of the tree gets into
 * it but quoted names, quoted literals and what this folder writes itself.
 *
 * @throws InputError for a field, function or cast that PostgreSQL does not have
 */
export function emitExpression(
  expression: Expression,
  scope: EmitScope,
): string {
  const emit = (child: Expression) => emitExpression(child, scope);
  switch (expression.op) {
    case 'field':
      return emitField(expression.name, expression.type, scope);
    case 'literal':
      return emitLiteral(expression.value, expression.type);
    case 'cast': {
      const { value, valid } = castSql(
        emit(expression.operand),
        expression.operand.type,
        expression.type,
      );
      const guarded = expression.onFailure !== 'refuse' || scope.lenient;
      return valid && guarded
        ? `CASE WHEN ${valid} THEN ${value} END`
        : `(${value})`;
    }
    case 'call':
      return emitCall(expression.function, expression.args, emit);
    case 'binary':
      return emitBinary(expression, emit);
    case 'unary':
      return emitUnary(expression, emit);
    case 'case': {
      const branches = expression.branches.map(
        branch => `WHEN ${emit(branch.when)} THEN ${emit(branch.then)}`,
      );
      const otherwise = expression.otherwise
        ? ` ELSE ${emit(expression.otherwise)}`
        : '';
      return `CASE ${branches.join(' ')}${otherwise} END`;
    }
    default:
      throw new InputError(
        `Unknown kind of expression: ${(expression as { op: string }).op}`,
      );
  }
}

/** The column of a field, quoted, with the type that it has in the store. */
export function emitColumn(name: string, scope: EmitScope): string {
  return `${scope.relation}.${ident(columnOf(name, scope).column)}`;
}

function columnOf(name: string, scope: EmitScope): SourceColumn {
  const found = scope.columns.get(name);
  if (!found) {
    throw new InputError(`There is no field '${name}' to read`);
  }
  return found;
}

function emitField(name: string, type: FieldType, scope: EmitScope): string {
  const found = columnOf(name, scope);
  const column = emitColumn(name, scope);
  // Enums, addresses and the like are text to a contract; fixed-length text
  // compares and joins differently from the text that the tree speaks of.
  const isText =
    type.kind === 'string' &&
    found.physicalType !== 'text' &&
    !found.physicalType.startsWith('character varying');
  const kind = kindOfColumn(found.physicalType);
  return isText || (kind === 'json' && found.physicalType === 'json')
    ? `${column}::${computedType(type)}`
    : column;
}

function emitLiteral(value: string | boolean | null, type: FieldType): string {
  const typed = computedType(type);
  if (value === null) {
    return `NULL::${typed}`;
  }
  return typeof value === 'boolean'
    ? `${value}`
    : `${literal(value).trim()}::${typed}`;
}

const orders: ReadonlySet<string> = new Set(['<', '<=', '>', '>=']);

function emitBinary(
  expression: Extract<Expression, { op: 'binary' }>,
  emit: (child: Expression) => string,
): string {
  const { operator, left, right } = expression;
  const sides = (a: string, b: string) =>
    `(${a} ${operator.toLocaleUpperCase('en-US')} ${b})`;
  if (left.type.kind === 'string' && orders.has(operator)) {
    // By code points, whatever the collation of a column.
    return sides(`${emit(left)} COLLATE "C"`, `${emit(right)} COLLATE "C"`);
  }
  return sides(emit(left), emit(right));
}

function emitUnary(
  expression: Extract<Expression, { op: 'unary' }>,
  emit: (child: Expression) => string,
): string {
  const operand = emit(expression.operand);
  switch (expression.operator) {
    case 'not':
      return `(NOT ${operand})`;
    case '-':
      return `(- ${operand})`;
    case 'is null':
      return `(${operand} IS NULL)`;
    case 'is not null':
      return `(${operand} IS NOT NULL)`;
    default:
      throw new InputError(`Unknown operator ${expression.operator}`);
  }
}
