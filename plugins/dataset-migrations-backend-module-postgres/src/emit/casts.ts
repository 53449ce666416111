import { InputError } from '@backstage/errors';
import { FieldType } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  castRule,
  textPatterns,
} from '@skein/backstage-plugin-dataset-migrations-common/planning';
import { literal } from '../connection/sql';
import { computedType, sqlType } from './types';

/** A cast in SQL. */
export interface CastSql {
  /** The value; raises for a value that does not fit, and never alters one. */
  value: string;
  /** True for values that fit, NULL or true for NULL; absent when all do. */
  valid?: string;
}

/**
 * Casts `operand` (SQL, of PostgreSQL's own type for `from`) to `to`: the casts
 * that the plan's `castRule` allows, with the semantics of PostgreSQL, except
 * that text is never cut off and that dates, times, booleans and UUIDs are read
 * in the spellings of `textPatterns` only, so that `today` does not mean
 * another day when the verification reads it again.
 *
 * @throws InputError when there is no such cast
 */
export function castSql(
  operand: string,
  from: FieldType,
  to: FieldType,
): CastSql {
  const rule = castRule(from, to);
  if (!rule.possible) {
    throw new InputError(rule.reason);
  }
  const target = computedType(to);
  const value = plainCast(operand, from, to);
  if (!rule.canFail) {
    return { value };
  }
  if (to.kind === 'string' && to.maxLength !== undefined) {
    const valid = `char_length(${value}) <= ${Number(to.maxLength)}`;
    return {
      value: orRaise(value, valid, value, target),
      valid,
    };
  }
  if (from.kind === 'string') {
    return castText(operand, value, to);
  }
  return castNumber(operand, value, from, to);
}

function plainCast(operand: string, from: FieldType, to: FieldType): string {
  const target = computedType(to);
  // PostgreSQL knows the casts between boolean and integer only.
  if (from.kind === 'boolean' && to.kind === 'integer') {
    return `(${operand})::integer::${target}`;
  }
  if (to.kind === 'boolean' && from.kind === 'integer') {
    return `(${operand} <> 0)`;
  }
  return `(${operand})::${target}`;
}

/**
 * PostgreSQL reads more than `textPatterns` allow. Dates and their like are
 * kept from it, as they would change their meaning; numbers (`0x1F`, `1_000`)
 * only count as misfits where somebody asks, as they mean what they say.
 */
function castText(operand: string, value: string, to: FieldType): CastSql {
  const readable = `pg_input_is_valid(${operand}, ${literal(sqlType(to))})`;
  const pattern = patternOf(to);
  if (!pattern) {
    return { value, valid: readable };
  }
  const spelt = `${operand} ~ ${literal(pattern).trim()}`;
  const isNumber = ['integer', 'decimal', 'float'].includes(to.kind);
  return {
    value: isNumber ? value : orRaise(value, spelt, operand, computedType(to)),
    valid: `(${spelt} AND ${readable})`,
  };
}

function patternOf(type: FieldType): string | undefined {
  switch (type.kind) {
    case 'boolean':
    case 'integer':
    case 'decimal':
    case 'float':
    case 'date':
    case 'time':
    case 'uuid':
      return textPatterns[type.kind];
    case 'timestamp':
      return type.zone
        ? textPatterns.timestampWithZone
        : textPatterns.timestamp;
    default:
      return undefined;
  }
}

function castNumber(
  operand: string,
  value: string,
  from: FieldType,
  to: FieldType,
): CastSql {
  const finite =
    from.kind === 'float'
      ? `${operand} NOT IN ('NaN', 'Infinity', '-Infinity')`
      : undefined;
  if (to.kind === 'integer') {
    // The cast rounds first: floats half to even, decimals half away from zero,
    // each as round() does.
    const whole =
      from.kind === 'integer' ? operand : `round(${operand})::numeric`;
    const readable = `pg_input_is_valid((${whole})::text, ${literal(
      sqlType(to),
    )})`;
    return {
      value,
      valid: finite
        ? `CASE WHEN ${finite} THEN ${readable} ELSE ${operand} IS NULL END`
        : readable,
    };
  }
  const readable = `pg_input_is_valid((${operand})::text, ${literal(
    sqlType(to),
  )})`;
  if (finite && to.kind === 'decimal') {
    // A decimal of PostgreSQL may be NaN or infinite, a contract's may not.
    return {
      value: orRaise(value, finite, operand, computedType(to)),
      valid: `(${finite} AND ${readable})`,
    };
  }
  return { value, valid: readable };
}

/**
 * An expression cannot raise an error of its own, so what must not be used is
 * cast to a number that it never is, and the message shows it.
 */
function orRaise(
  value: string,
  valid: string,
  shown: string,
  type: string,
): string {
  return `CASE WHEN (${valid}) IS NOT FALSE THEN ${value} ELSE (quote_literal(${shown}) || ' does not fit')::integer::text::${type} END`;
}
