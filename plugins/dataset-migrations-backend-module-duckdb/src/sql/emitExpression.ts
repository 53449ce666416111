import { Expression } from '@skein/backstage-plugin-dataset-migrations-common';
import { duckType } from './duckTypes';
import { emitCast } from './emitCast';
import { emitFunction } from './emitFunction';
import { emitOperator } from './emitOperator';
import { literal } from './quote';
import { Scope } from './Scope';
import { UnsupportedError } from './UnsupportedError';

/** Finds the SQL that reads a field with the type its contract gives it. */
export type FieldReader = (name: string) => string;

/** Longest statement part that one expression may become. */
const MAX_SQL = 200_000;

/**
 * DuckDB's SQL for an expression, with the meaning that it has in PostgreSQL.
 *
 * @throws UnsupportedError where DuckDB cannot be made to mean the same
 */
export function emitExpression(
  scope: Scope,
  expression: Expression,
  field: FieldReader,
): string {
  const sql = emit(scope, expression, field);
  if (sql.length > MAX_SQL) {
    throw new UnsupportedError('An expression is nested too deeply');
  }
  return sql;
}

function emit(scope: Scope, node: Expression, field: FieldReader): string {
  const inner = (child: Expression) => emit(scope, child, field);
  switch (node.op) {
    case 'field':
      return field(node.name);
    case 'literal':
      return emitLiteral(node);
    case 'cast':
      return cast(scope, node, inner(node.operand));
    case 'call':
      return emitFunction(scope, node, node.args.map(inner));
    case 'binary':
      return emitOperator(scope, node, inner(node.left), inner(node.right));
    case 'unary':
      switch (node.operator) {
        case 'is null':
        case 'is not null':
          return `(${inner(node.operand)} ${node.operator})`;
        default:
          return `(${node.operator} ${inner(node.operand)})`;
      }
    case 'case': {
      const branches = node.branches.map(
        branch => `WHEN ${inner(branch.when)} THEN ${inner(branch.then)}`,
      );
      const otherwise = node.otherwise ? inner(node.otherwise) : 'NULL';
      return `CASE ${branches.join(' ')} ELSE ${otherwise} END`;
    }
    default:
      throw new UnsupportedError(
        `The node '${(node as Expression).op}' is not known`,
      );
  }
}

function cast(
  scope: Scope,
  node: Extract<Expression, { op: 'cast' }>,
  operand: string,
): string {
  if (node.onFailure === 'refuse') {
    return emitCast(scope, operand, node.operand.type, node.type);
  }
  // Only what the cast itself cannot do becomes NULL, not what its operand fails at.
  return scope.let(
    operand,
    name => `TRY(${emitCast(scope, name, node.operand.type, node.type)})`,
  );
}

/** A literal with its type. */
export function emitLiteral(
  node: Extract<Expression, { op: 'literal' }>,
): string {
  const type = duckType(node.type);
  if (node.value === null) {
    return `CAST(NULL AS ${type})`;
  }
  if (typeof node.value === 'boolean') {
    return node.value ? 'TRUE' : 'FALSE';
  }
  switch (node.type.kind) {
    case 'string':
      return literal(node.value);
    case 'bytes':
      return `unhex(${literal(node.value)})`;
    default:
      return `CAST(${literal(node.value)} AS ${type})`;
  }
}
