import { Expression } from '@skein/backstage-plugin-dataset-migrations-common';
import { duckType } from './duckTypes';
import { Scope } from './Scope';

type Binary = Extract<Expression, { op: 'binary' }>;

/** A binary operator with PostgreSQL's meaning. */
export function emitOperator(
  scope: Scope,
  node: Binary,
  left: string,
  right: string,
): string {
  switch (node.operator) {
    case 'and':
    case 'or':
      return logical(scope, node.operator, left, right);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(scope, node, left, right);
    default:
      return `(${left} ${node.operator} ${right})`;
  }
}

/** The right side runs only where the left one does not decide. */
function logical(
  scope: Scope,
  operator: 'and' | 'or',
  left: string,
  right: string,
): string {
  const decides = operator === 'and' ? 'FALSE' : 'TRUE';
  return scope.let(
    left,
    name =>
      `CASE WHEN ${name} = ${decides} THEN ${decides} ELSE (${name} ${operator} ${right}) END`,
  );
}

function arithmetic(
  scope: Scope,
  node: Binary,
  left: string,
  right: string,
): string {
  const type = duckType(node.type);
  if (node.type.kind === 'float') {
    return scope.let(left, l =>
      scope.let(right, r => float(scope, node.operator, type, l, r)),
    );
  }
  if (node.operator === '/' || node.operator === '%') {
    return scope.let(left, l =>
      scope.let(right, r =>
        whole(scope, node.operator as '/' | '%', type, l, r),
      ),
    );
  }
  return `CAST((${left} ${node.operator} ${right}) AS ${type})`;
}

/** DuckDB answers NULL for a division by zero, and fails for the smallest integer modulo -1. */
function whole(
  scope: Scope,
  operator: '/' | '%',
  type: string,
  left: string,
  right: string,
): string {
  const zero = `WHEN ${right} = 0 THEN ${scope.fail('division by zero', type)}`;
  return operator === '/'
    ? `CASE ${zero} ELSE ${left} // ${right} END`
    : `CASE ${zero} WHEN ${right} = -1 THEN ${left} - ${left} ELSE CAST(${left} % ${right} AS ${type}) END`;
}

/** DuckDB lets floats overflow to infinity and vanish to zero. */
function float(
  scope: Scope,
  operator: string,
  type: string,
  left: string,
  right: string,
): string {
  const divided =
    operator === '/'
      ? `WHEN ${right} = 0 AND NOT isnan(${left}) THEN ${scope.fail(
          'division by zero',
          type,
        )} `
      : '';
  const result = scope.let(
    `(${left} ${operator} ${right})`,
    value =>
      `CASE WHEN isinf(${value}) AND isfinite(${left}) AND isfinite(${right}) THEN ${scope.fail(
        'out of range: overflow',
        type,
      )}${underflow(
        scope,
        operator,
        type,
        value,
        left,
        right,
      )} ELSE ${value} END`,
  );
  return divided ? `CASE ${divided}ELSE ${result} END` : result;
}

function underflow(
  scope: Scope,
  operator: string,
  type: string,
  value: string,
  left: string,
  right: string,
): string {
  if (operator !== '*' && operator !== '/') {
    return '';
  }
  const vanished =
    operator === '*'
      ? `${left} <> 0 AND ${right} <> 0`
      : `${left} <> 0 AND isfinite(${right})`;
  return ` WHEN ${value} = 0 AND ${vanished} THEN ${scope.fail(
    'out of range: underflow',
    type,
  )}`;
}
