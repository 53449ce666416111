import { InputError } from '@backstage/errors';
import { formatFieldType } from '../contracts/formatFieldType';
import { FieldType } from '../contracts/types';
import { coerce, isNumeric, unifyKinds } from './coercion';
import { BOOLEAN, TEXT } from './literals';
import { BinaryOperator, Expression, UnaryOperator } from './types';
import { castLiteral } from './literals';
import { formatDecimal, negateDecimal, parseDecimal } from './values/decimal';

/** Types without an order, or whose order the engines do not share. */
const UNORDERED = new Set(['json', 'array', 'object', 'bytes', 'uuid']);

/** Types that cannot be compared at all. */
const INCOMPARABLE = new Set(['json', 'array', 'object']);

const COMPARISONS = new Set(['=', '<>', '<', '<=', '>', '>=']);

function requireType(
  expression: Expression,
  type: FieldType,
  context: string,
): Expression {
  const coerced = coerceUntyped(expression, type);
  if (coerced.type.kind !== type.kind) {
    throw new InputError(
      `${context} needs ${formatFieldType(type)}, got ${formatFieldType(
        coerced.type,
      )}; cast it`,
    );
  }
  return coerced;
}

/** Only what has no type of its own takes the wanted one. */
export function coerceUntyped(
  expression: Expression,
  type: FieldType,
): Expression {
  return expression.op === 'literal' && expression.value === null
    ? coerce(expression, type)
    : expression;
}

/**
 * An operator applied to two expressions, brought to one kind first.
 *
 * @throws InputError when it does not go with their types
 */
export function binary(
  operator: BinaryOperator,
  left: Expression,
  right: Expression,
): Expression {
  const context = `operator ${operator}`;
  if (operator === 'and' || operator === 'or') {
    return {
      op: 'binary',
      operator,
      left: requireType(left, BOOLEAN, context),
      right: requireType(right, BOOLEAN, context),
      type: BOOLEAN,
    };
  }
  if (operator === '||') {
    return {
      op: 'binary',
      operator,
      left: requireType(left, TEXT, context),
      right: requireType(right, TEXT, context),
      type: TEXT,
    };
  }
  const [l, r] = unifyKinds(left, right, context);
  if (COMPARISONS.has(operator)) {
    const unordered = operator === '=' || operator === '<>';
    if ((unordered ? INCOMPARABLE : UNORDERED).has(l.type.kind)) {
      throw new InputError(
        `${context} does not compare ${formatFieldType(l.type)}`,
      );
    }
    return { op: 'binary', operator, left: l, right: r, type: BOOLEAN };
  }
  return {
    op: 'binary',
    operator,
    left: l,
    right: r,
    type: arithmeticType(operator, l.type, r.type),
  };
}

function arithmeticType(
  operator: BinaryOperator,
  left: FieldType,
  right: FieldType,
): FieldType {
  if (!isNumeric(left) || !isNumeric(right)) {
    throw new InputError(
      `operator ${operator} needs numbers, got ${formatFieldType(left)}`,
    );
  }
  if (left.kind === 'float' && operator === '%') {
    throw new InputError('operator % is not defined for floats');
  }
  if (left.kind !== 'decimal' || right.kind !== 'decimal') {
    return left;
  }
  if (operator === '/') {
    throw new InputError(
      'operator / is not allowed for decimals, as engines keep different numbers of digits; cast to double precision',
    );
  }
  if (left.precision === undefined || right.precision === undefined) {
    return { kind: 'decimal' };
  }
  const [s1, s2] = [left.scale ?? 0, right.scale ?? 0];
  if (operator === '*') {
    return {
      kind: 'decimal',
      precision: left.precision + right.precision,
      scale: s1 + s2,
    };
  }
  const scale = Math.max(s1, s2);
  const whole = Math.max(left.precision - s1, right.precision - s2);
  const carry = operator === '%' ? 0 : 1;
  return {
    kind: 'decimal',
    precision: Math.max(whole + carry + scale, 1),
    scale,
  };
}

/**
 * An operator applied to one expression; the minus of a number makes a number.
 *
 * @throws InputError when it does not go with its type
 */
export function unary(
  operator: UnaryOperator,
  operand: Expression,
): Expression {
  switch (operator) {
    case 'is null':
    case 'is not null':
      return { op: 'unary', operator, operand, type: BOOLEAN };
    case 'not':
      return {
        op: 'unary',
        operator,
        operand: requireType(operand, BOOLEAN, 'operator not'),
        type: BOOLEAN,
      };
    default:
      return negate(operand);
  }
}

function negate(operand: Expression): Expression {
  if (!isNumeric(operand.type)) {
    throw new InputError(
      `operator - needs a number, got ${formatFieldType(operand.type)}`,
    );
  }
  if (operand.op === 'literal' && typeof operand.value === 'string') {
    const decimal = parseDecimal(operand.value);
    if (decimal) {
      const value = formatDecimal(negateDecimal(decimal));
      return castLiteral({ ...operand, value }, operand.type);
    }
  }
  return { op: 'unary', operator: '-', operand, type: operand.type };
}
