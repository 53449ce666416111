import { formatFieldType, sameType } from '../contracts/formatFieldType';
import { FieldType } from '../contracts/types';

/**
 * What a cast between two types does to values.
 *
 * @public
 */
export type CastRule =
  | {
      possible: true;
      /** Some value of the one type has no counterpart in the other. */
      canFail: boolean;
      /** Values that do not fail can be cast back without loss. */
      exact: boolean;
    }
  | { possible: false; reason: string };

const never: CastRule = { possible: true, canFail: false, exact: true };
const rule = (canFail: boolean, exact: boolean): CastRule => ({
  possible: true,
  canFail,
  exact,
});

type TypeOf<K extends FieldType['kind']> = Extract<FieldType, { kind: K }>;

/** Decimal digits that hold every integer of so many bits. */
export const integerDigits = { 16: 5, 32: 10, 64: 19 } as const;

/** Decimal digits that a float of so many bits keeps. */
const floatDigits = { 32: 6, 64: 15 } as const;

/** Decimal digits before and behind the point that no such float is short of. */
const floatMagnitudes = { 32: 37, 64: 307 } as const;

/** Bits of the mantissa. */
const floatMantissa = { 32: 24, 64: 53 } as const;

/**
 * Judges a cast by its types alone. Time zones do not come from a session:
 * timestamps without zone are taken as UTC. Casts whose result the engines
 * spell differently (float to text) or that only make sense to one of them are
 * not possible.
 *
 * @public
 */
export function castRule(from: FieldType, to: FieldType): CastRule {
  if (sameType(from, to)) {
    return never;
  }
  return (
    ruleFor(from, to) ?? {
      possible: false,
      reason: `a ${formatFieldType(from)} cannot be cast to ${formatFieldType(
        to,
      )}`,
    }
  );
}

function ruleFor(from: FieldType, to: FieldType): CastRule | undefined {
  switch (from.kind) {
    case 'boolean':
      return fromBoolean(to);
    case 'integer':
      return fromInteger(from, to);
    case 'decimal':
      return fromDecimal(from, to);
    case 'float':
      return fromFloat(from, to);
    case 'string':
      return fromString(from, to);
    case 'date':
      return fromDate(to);
    case 'time':
      return to.kind === 'string' ? fits(to, 15) : undefined;
    case 'timestamp':
      return fromTimestamp(from, to);
    case 'uuid':
      return to.kind === 'string' ? fits(to, 36) : undefined;
    default:
      return undefined;
  }
}

/** A cast to text that needs at most so many characters. */
function fits(to: TypeOf<'string'>, characters: number): CastRule {
  return rule(to.maxLength !== undefined && to.maxLength < characters, true);
}

function fromBoolean(to: FieldType): CastRule | undefined {
  switch (to.kind) {
    case 'integer':
      return never;
    case 'string':
      return fits(to, 'false'.length);
    default:
      return undefined;
  }
}

function fromInteger(
  from: TypeOf<'integer'>,
  to: FieldType,
): CastRule | undefined {
  switch (to.kind) {
    case 'integer':
      return rule(to.bits < from.bits, true);
    case 'decimal':
      return rule(wholeDigits(to) < integerDigits[from.bits], true);
    case 'float':
      return rule(false, from.bits <= floatMantissa[to.bits]);
    case 'string':
      return fits(to, integerDigits[from.bits] + 1);
    case 'boolean':
      return rule(false, false);
    default:
      return undefined;
  }
}

/** Digits before the point; unlimited for an unconstrained decimal. */
function wholeDigits(type: TypeOf<'decimal'>): number {
  return type.precision === undefined
    ? Infinity
    : type.precision - (type.scale ?? 0);
}

function scaleOf(type: TypeOf<'decimal'>): number {
  return type.precision === undefined ? Infinity : type.scale ?? 0;
}

function fromDecimal(
  from: TypeOf<'decimal'>,
  to: FieldType,
): CastRule | undefined {
  switch (to.kind) {
    case 'decimal': {
      const rounds = scaleOf(to) < scaleOf(from);
      // 9.99 rounds to 10.0, which needs one digit more.
      const needed = wholeDigits(from) + (rounds ? 1 : 0);
      return rule(wholeDigits(to) < needed, !rounds);
    }
    case 'integer': {
      const rounds = scaleOf(from) > 0;
      const needed = wholeDigits(from) + (rounds ? 1 : 0);
      return rule(needed >= integerDigits[to.bits], !rounds);
    }
    case 'float':
      return rule(
        wholeDigits(from) > floatMagnitudes[to.bits] ||
          scaleOf(from) > floatMagnitudes[to.bits],
        (from.precision ?? Infinity) <= floatDigits[to.bits],
      );
    case 'string':
      // Sign, a zero before the point, the point.
      return fits(to, (from.precision ?? Infinity) + 3);
    default:
      return undefined;
  }
}

function fromFloat(from: TypeOf<'float'>, to: FieldType): CastRule | undefined {
  switch (to.kind) {
    case 'float':
      return rule(to.bits < from.bits, to.bits > from.bits);
    case 'integer':
    case 'decimal':
      return rule(true, false);
    default:
      return undefined;
  }
}

function fromString(
  from: TypeOf<'string'>,
  to: FieldType,
): CastRule | undefined {
  switch (to.kind) {
    case 'string':
      return fits(to, from.maxLength ?? Infinity);
    case 'boolean':
    case 'integer':
    case 'decimal':
    case 'float':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'uuid':
      return rule(true, false);
    default:
      return undefined;
  }
}

function fromDate(to: FieldType): CastRule | undefined {
  switch (to.kind) {
    case 'timestamp':
      return never;
    case 'string':
      return fits(to, 'yyyy-mm-dd'.length);
    default:
      return undefined;
  }
}

function fromTimestamp(
  from: TypeOf<'timestamp'>,
  to: FieldType,
): CastRule | undefined {
  switch (to.kind) {
    case 'timestamp':
      return never;
    case 'date':
    case 'time':
      return rule(false, false);
    case 'string':
      return fits(
        to,
        'yyyy-mm-dd hh:mm:ss.ffffff'.length + (from.zone ? '+00'.length : 0),
      );
    default:
      return undefined;
  }
}
