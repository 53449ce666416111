import { InputError } from '@backstage/errors';
import { formatFieldType } from '../../contracts/formatFieldType';
import { FieldType } from '../../contracts/types';
import {
  DAY,
  floorDiv,
  formatDate,
  formatTime,
  formatTimestamp,
} from './calendar';
import {
  Decimal,
  formatDecimal,
  parseDecimal,
  roundDecimal,
  wholeDigitsOf,
} from './decimal';
import { isInRange, readValue } from './readValue';
import { Value } from './types';
import { writeValue } from './writeValue';

/**
 * Casts a value as PostgreSQL does: integers out of range fail, decimals round
 * halves away from zero, floats round halves to even. Text is read by
 * `textPatterns`, and text that is too long fails instead of being cut.
 *
 * @throws InputError naming the value and the type
 */
export function castValue(value: Value, from: FieldType, to: FieldType): Value {
  if (value === null) {
    return null;
  }
  const result = cast(value, from, to);
  if (result === undefined) {
    throw new InputError(
      `${JSON.stringify(
        writeValue(value, from),
      )} cannot be cast from ${formatFieldType(from)} to ${formatFieldType(
        to,
      )}`,
    );
  }
  return result;
}

function cast(value: Value, from: FieldType, to: FieldType): Value | undefined {
  if (from.kind === 'string') {
    return readValue(value as string, to);
  }
  switch (to.kind) {
    case 'string':
      return readValue(textOf(value, from), to);
    case 'boolean':
      return from.kind === 'integer' ? value !== 0n : value;
    case 'integer':
      return toInteger(value, from, to.bits);
    case 'decimal':
      return toDecimal(value, from, to);
    case 'float':
      return toFloat(value, from, to.bits);
    case 'date':
      return from.kind === 'timestamp'
        ? { days: Number(floorDiv(value as bigint, DAY)) }
        : value;
    case 'time':
      return from.kind === 'timestamp'
        ? (value as bigint) - floorDiv(value as bigint, DAY) * DAY
        : value;
    case 'timestamp':
      return from.kind === 'date'
        ? BigInt((value as { days: number }).days) * DAY
        : value;
    default:
      return value;
  }
}

/** The text of a value as PostgreSQL writes it with DateStyle ISO in UTC. */
function textOf(value: Value, from: FieldType): string {
  switch (from.kind) {
    case 'date':
      return formatDate((value as { days: number }).days);
    case 'time':
      return formatTime(value as bigint);
    case 'timestamp':
      return `${formatTimestamp(value as bigint, ' ')}${
        from.zone ? '+00' : ''
      }`;
    default:
      return String(writeValue(value, from));
  }
}

function toInteger(
  value: Value,
  from: FieldType,
  bits: 16 | 32 | 64,
): bigint | undefined {
  let result: bigint;
  switch (from.kind) {
    case 'boolean':
      result = value ? 1n : 0n;
      break;
    case 'decimal':
      result = roundDecimal(value as Decimal, 0).unscaled;
      break;
    case 'float':
      if (!Number.isFinite(value)) {
        return undefined;
      }
      result = BigInt(roundHalfEven(value as number));
      break;
    default:
      result = value as bigint;
  }
  return isInRange(result, bits) ? result : undefined;
}

/** As C's rint. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) {
    return Math.round(value);
  }
  return floor % 2 === 0 ? floor : floor + 1;
}

function toDecimal(
  value: Value,
  from: FieldType,
  to: Extract<FieldType, { kind: 'decimal' }>,
): Decimal | undefined {
  const exact = exactDecimal(value, from);
  if (!exact || to.precision === undefined) {
    return exact;
  }
  const rounded = roundDecimal(exact, to.scale ?? 0);
  return wholeDigitsOf(rounded) <= to.precision - (to.scale ?? 0)
    ? rounded
    : undefined;
}

function exactDecimal(value: Value, from: FieldType): Decimal | undefined {
  switch (from.kind) {
    case 'integer':
      return { unscaled: value as bigint, scale: 0 };
    case 'float':
      // PostgreSQL keeps the digits that a float certainly has, and drops
      // zeros at the end.
      return Number.isFinite(value)
        ? parseDecimal(
            String(
              Number((value as number).toPrecision(from.bits === 32 ? 6 : 15)),
            ),
          )
        : undefined;
    default:
      return value as Decimal;
  }
}

function toFloat(
  value: Value,
  from: FieldType,
  bits: 32 | 64,
): number | undefined {
  const wide =
    from.kind === 'decimal'
      ? Number(formatDecimal(value as Decimal))
      : Number(value);
  const result = bits === 32 ? Math.fround(wide) : wide;
  const overflows = Number.isFinite(wide)
    ? !Number.isFinite(result)
    : from.kind !== 'float';
  const isZero =
    from.kind === 'decimal' ? (value as Decimal).unscaled === 0n : wide === 0;
  const underflows = result === 0 && !isZero;
  return overflows || underflows ? undefined : result;
}
