import { InputError } from '@backstage/errors';
import { FieldType } from '../contracts/types';
import { castRule } from './castRule';
import { Expression } from './types';
import { formatDecimal, parseDecimal } from './values/decimal';
import { castValue } from './values/castValue';
import { isInRange, readValue } from './values/readValue';
import { Value } from './values/types';
import { writeValue } from './values/writeValue';

export type Literal = Extract<Expression, { op: 'literal' }>;

/** Digits of PostgreSQL's `numeric(p, s)`. */
export const MAX_PRECISION = 1_000;

/** Text without a length; also the type of a bare NULL. */
export const TEXT: FieldType = { kind: 'string' };

export const BOOLEAN: FieldType = { kind: 'boolean' };

export function nullLiteral(type: FieldType = TEXT): Literal {
  return { op: 'literal', value: null, type };
}

export function textLiteral(value: string): Literal {
  return { op: 'literal', value, type: TEXT };
}

/**
 * A number as PostgreSQL types it: integer, bigint where that is too small,
 * otherwise a decimal with exactly its digits.
 *
 * @returns undefined when the text is no number, or one with too many digits
 */
export function numberLiteral(text: string): Literal | undefined {
  if (/^-?\d{1,30}$/.test(text)) {
    const value = BigInt(text);
    // PostgreSQL sees the digits before the sign.
    const digits = value < 0n ? -value : value;
    for (const bits of [32, 64] as const) {
      if (isInRange(digits, bits)) {
        return {
          op: 'literal',
          value: value.toString(),
          type: { kind: 'integer', bits },
        };
      }
    }
  }
  const decimal = parseDecimal(text);
  if (!decimal) {
    return undefined;
  }
  const value = formatDecimal(decimal);
  const digits = value.replace(/^-/, '').replace(/^0\./, '.').length;
  const precision = Math.max(digits - (decimal.scale > 0 ? 1 : 0), 1);
  if (precision > MAX_PRECISION) {
    return undefined;
  }
  return {
    op: 'literal',
    value,
    type: { kind: 'decimal', precision, scale: decimal.scale },
  };
}

/**
 * A literal as a literal of another type.
 *
 * @throws InputError when the value cannot be cast
 */
export function castLiteral(literal: Literal, type: FieldType): Literal {
  if (literal.value === null) {
    return nullLiteral(type);
  }
  const value =
    literal.type.kind === 'string'
      ? readValue(String(literal.value), type)
      : castTyped(literal, type);
  return { op: 'literal', value: writeValue(value, type), type };
}

function castTyped({ value, type: from }: Literal, to: FieldType): Value {
  const rule = castRule(from, to);
  if (!rule.possible) {
    throw new InputError(rule.reason);
  }
  return castValue(
    typeof value === 'boolean' ? value : readValue(String(value), from),
    from,
    to,
  );
}
