import { InputError } from '@backstage/errors';
import { formatFieldType } from '../../contracts/formatFieldType';
import { FieldType } from '../../contracts/types';
import { BinaryOperator } from '../types';
import { compareValues } from '../values/compareValues';
import {
  addDecimals,
  Decimal,
  multiplyDecimals,
  negateDecimal,
  remainderDecimal,
} from '../values/decimal';
import { isInRange } from '../values/readValue';
import { Value } from '../values/types';

/** What an operator makes of two values that are not NULL. */
export function evaluateOperator(
  operator: Exclude<BinaryOperator, 'and' | 'or'>,
  left: Value,
  right: Value,
  type: FieldType,
): Value {
  switch (operator) {
    case '||':
      return `${left}${right}`;
    case '=':
      return compareValues(left, right) === 0;
    case '<>':
      return compareValues(left, right) !== 0;
    case '<':
      return compareValues(left, right) < 0;
    case '<=':
      return compareValues(left, right) <= 0;
    case '>':
      return compareValues(left, right) > 0;
    case '>=':
      return compareValues(left, right) >= 0;
    default:
      return calculate(operator, left, right, type);
  }
}

type Arithmetic = '+' | '-' | '*' | '/' | '%';

function calculate(
  operator: Arithmetic,
  left: Value,
  right: Value,
  type: FieldType,
): Value {
  switch (type.kind) {
    case 'integer':
      return inRange(
        calculateIntegers(operator, left as bigint, right as bigint),
        type,
      );
    case 'decimal':
      return calculateDecimals(operator, left as Decimal, right as Decimal);
    default:
      return calculateFloats(
        operator,
        left as number,
        right as number,
        type as Extract<FieldType, { kind: 'float' }>,
      );
  }
}

/** @throws InputError when an integer is too large for its type */
export function inRange(value: bigint, type: FieldType): bigint {
  if (type.kind === 'integer' && !isInRange(value, type.bits)) {
    throw new InputError(
      `${value} is out of range for ${formatFieldType(type)}`,
    );
  }
  return value;
}

function refuseZero(isZero: boolean): void {
  if (isZero) {
    throw new InputError('division by zero');
  }
}

function calculateIntegers(
  operator: Arithmetic,
  left: bigint,
  right: bigint,
): bigint {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      refuseZero(right === 0n);
      return left / right;
    default:
      refuseZero(right === 0n);
      return left % right;
  }
}

function calculateDecimals(
  operator: Arithmetic,
  left: Decimal,
  right: Decimal,
): Decimal {
  switch (operator) {
    case '+':
      return addDecimals(left, right);
    case '-':
      return addDecimals(left, negateDecimal(right));
    case '*':
      return multiplyDecimals(left, right);
    case '%':
      refuseZero(right.unscaled === 0n);
      return remainderDecimal(left, right);
    default:
      throw new InputError('operator / is not defined for decimals');
  }
}

function calculateFloats(
  operator: Arithmetic,
  left: number,
  right: number,
  type: Extract<FieldType, { kind: 'float' }>,
): number {
  const exact = floatResult(operator, left, right);
  const result = type.bits === 32 ? Math.fround(exact) : exact;
  const finite = Number.isFinite(left) && Number.isFinite(right);
  const vanishes =
    result === 0 &&
    left !== 0 &&
    ((operator === '*' && right !== 0) ||
      (operator === '/' && Number.isFinite(right)));
  if ((finite && !Number.isFinite(result)) || vanishes) {
    throw new InputError(
      `a result is out of range for ${formatFieldType(type)}`,
    );
  }
  return result;
}

function floatResult(
  operator: Arithmetic,
  left: number,
  right: number,
): number {
  switch (operator) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      refuseZero(right === 0 && !Number.isNaN(left));
      return left / right;
    default:
      throw new InputError('operator % is not defined for floats');
  }
}
