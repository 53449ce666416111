import { InputError } from '@backstage/errors';
import { formatFieldType, sameType } from '../contracts/formatFieldType';
import { FieldType } from '../contracts/types';
import { castRule, integerDigits } from './castRule';
import { castLiteral, TEXT } from './literals';
import { Expression } from './types';

export type NumericType = Extract<
  FieldType,
  { kind: 'integer' | 'decimal' | 'float' }
>;

export function isNumeric(type: FieldType): type is NumericType {
  return (
    type.kind === 'integer' || type.kind === 'decimal' || type.kind === 'float'
  );
}

/**
 * A text literal or NULL: takes whatever type its surroundings want, as
 * PostgreSQL's literals of type "unknown" do.
 */
export function isUntyped(expression: Expression): boolean {
  return (
    expression.op === 'literal' &&
    (expression.value === null ||
      (expression.type.kind === 'string' &&
        expression.type.maxLength === undefined))
  );
}

/**
 * The expression with the wanted type: literals become literals of that type,
 * everything else is cast. Text keeps its own length.
 *
 * @throws InputError when there is no such cast
 */
export function coerce(expression: Expression, type: FieldType): Expression {
  if (sameType(expression.type, type)) {
    return expression;
  }
  if (
    expression.type.kind === 'string' &&
    type.kind === 'string' &&
    type.maxLength === undefined &&
    expression.op !== 'literal'
  ) {
    return expression;
  }
  const rule = castRule(expression.type, type);
  if (!rule.possible && !isUntyped(expression)) {
    throw new InputError(rule.reason);
  }
  return expression.op === 'literal'
    ? castLiteral(expression, type)
    : { op: 'cast', operand: expression, type, onFailure: 'refuse' };
}

/** The decimal that holds every value of a numeric type. */
function asDecimal(type: NumericType): Extract<FieldType, { kind: 'decimal' }> {
  switch (type.kind) {
    case 'integer':
      return { kind: 'decimal', precision: integerDigits[type.bits], scale: 0 };
    case 'decimal':
      return type;
    default:
      return { kind: 'decimal' };
  }
}

function commonDecimal(types: NumericType[]): FieldType {
  const decimals = types.map(asDecimal);
  if (decimals.some(type => type.precision === undefined)) {
    return { kind: 'decimal' };
  }
  const scale = Math.max(...decimals.map(type => type.scale ?? 0));
  const whole = Math.max(
    ...decimals.map(type => type.precision! - (type.scale ?? 0)),
  );
  return { kind: 'decimal', precision: Math.max(whole + scale, 1), scale };
}

function commonNumeric(types: NumericType[]): FieldType {
  const floats = types.filter(type => type.kind === 'float');
  if (floats.length > 0) {
    const narrow = floats.every(type => type.bits === 32);
    return { kind: 'float', bits: narrow ? 32 : 64 };
  }
  if (types.some(type => type.kind === 'decimal')) {
    return commonDecimal(types);
  }
  const bits = types.map(type => (type as { bits: 16 | 32 | 64 }).bits);
  return { kind: 'integer', bits: Math.max(...bits) as 16 | 32 | 64 };
}

/** The type to which PostgreSQL brings the results of a CASE. */
function commonType(types: FieldType[], context: string): FieldType {
  const [first] = types;
  if (types.every(isNumeric)) {
    return commonNumeric(types);
  }
  if (types.every(type => type.kind === 'string')) {
    return TEXT;
  }
  if (types.every(type => type.kind === 'date' || type.kind === 'timestamp')) {
    const zone = types.some(type => type.kind === 'timestamp' && type.zone);
    return types.every(type => type.kind === 'date')
      ? first
      : { kind: 'timestamp', zone };
  }
  const other = types.find(type => !sameType(type, first));
  if (!other) {
    return first;
  }
  throw new InputError(
    `${context} cannot mix ${formatFieldType(first)} and ${formatFieldType(
      other,
    )}; cast one of them`,
  );
}

/**
 * Brings expressions to their common type, as for the branches of a CASE.
 *
 * @param context - for messages: what they are the operands of
 * @throws InputError when they have none
 */
export function unify(
  expressions: Expression[],
  context: string,
): { expressions: Expression[]; type: FieldType } {
  const typed = expressions.filter(expression => !isUntyped(expression));
  const type =
    typed.length > 0
      ? commonType(
          typed.map(expression => expression.type),
          context,
        )
      : TEXT;
  return {
    type,
    expressions: expressions.map(expression => coerce(expression, type)),
  };
}

/**
 * Brings the operands of an operator to one kind. Decimals keep their own
 * precision, which the result's type is computed from.
 */
export function unifyKinds(
  left: Expression,
  right: Expression,
  context: string,
): [Expression, Expression] {
  const { expressions, type } = unify([left, right], context);
  const typed = !isUntyped(left) && !isUntyped(right);
  if (type.kind === 'float' && typed && !sameType(left.type, right.type)) {
    // There are operators for two floats of 32 bits and for two of 64 only.
    const wide: FieldType = { kind: 'float', bits: 64 };
    return [coerce(left, wide), coerce(right, wide)];
  }
  if (type.kind !== 'decimal') {
    return [expressions[0], expressions[1]];
  }
  const keep = (expression: Expression): Expression =>
    isUntyped(expression)
      ? coerce(expression, type)
      : coerce(expression, asDecimal(expression.type as NumericType));
  return [keep(left), keep(right)];
}
