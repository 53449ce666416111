import { ComparedType } from '../contracts/comparedTypes';
import { CompatibilityRuleId } from './rules';

type Of<K extends ComparedType['kind']> = Extract<ComparedType, { kind: K }>;

/**
 * The rule for values of another type.
 *
 * @returns undefined where both types have the same values
 */
export function typeRule(
  from: ComparedType,
  to: ComparedType,
): CompatibilityRuleId | undefined {
  if (from.kind === 'unknown' || to.kind === 'unknown') {
    return ruleOfUnknown(from, to);
  }
  if (from.kind === 'integer' && to.kind === 'integer') {
    return wholeNumberRule(from, to);
  }
  if (from.kind === 'decimal' && to.kind === 'decimal') {
    return precisionRule(from, to);
  }
  if (from.kind === 'float' && to.kind === 'float') {
    return wideningRule(to.bits - from.bits);
  }
  if (from.kind === 'string' && to.kind === 'string') {
    return textRule(from, to);
  }
  if (from.kind === 'array' && to.kind === 'array') {
    return typeRule(from.items, to.items);
  }
  if (from.kind === 'timestamp' && to.kind === 'timestamp') {
    return momentRule(from, to);
  }
  if (from.kind === 'time' && to.kind === 'time') {
    return digitsRule(from.digits, to.digits);
  }
  if (from.kind === to.kind) {
    return undefined;
  }
  return from.kind === 'string' && to.kind === 'uuid'
    ? 'text-to-uuid'
    : 'type-replaced';
}

/** What is not said at all could be anything; what is spelled is something. */
function ruleOfUnknown(
  from: ComparedType,
  to: ComparedType,
): CompatibilityRuleId | undefined {
  const isSaid = (type: ComparedType) =>
    type.kind !== 'unknown' || type.spelling !== undefined;
  if (isSaid(from) && isSaid(to)) {
    const isSame =
      from.kind === 'unknown' &&
      to.kind === 'unknown' &&
      from.spelling === to.spelling;
    return isSame ? undefined : 'type-replaced';
  }
  if (isSaid(to)) {
    return 'type-stated';
  }
  return isSaid(from) ? 'type-unstated' : undefined;
}

/** Signed and unsigned ones are compared by the numbers that there are. */
function wholeNumberRule(
  from: Of<'integer'>,
  to: Of<'integer'>,
): CompatibilityRuleId | undefined {
  const isWithin = to.min <= from.min && from.max <= to.max;
  const isSame = isWithin && to.min === from.min && to.max === from.max;
  if (isSame) {
    return undefined;
  }
  return isWithin ? 'type-widened' : 'type-narrowed';
}

function wideningRule(difference: number): CompatibilityRuleId | undefined {
  if (difference === 0) {
    return undefined;
  }
  return difference > 0 ? 'type-widened' : 'type-narrowed';
}

function precisionRule(
  from: Of<'decimal'>,
  to: Of<'decimal'>,
): CompatibilityRuleId | undefined {
  const [before, after] = [from, to].map(digitsOf);
  if (before.whole === after.whole && before.scale === after.scale) {
    return undefined;
  }
  if (before.whole === Infinity) {
    return 'precision-limited';
  }
  return after.whole >= before.whole && after.scale >= before.scale
    ? 'precision-raised'
    : 'precision-lowered';
}

function digitsOf({ precision, scale = 0 }: Of<'decimal'>) {
  return precision === undefined
    ? { whole: Infinity, scale: Infinity }
    : { whole: precision - scale, scale };
}

/** Texts filled up with spaces are not equal to those that are not. */
function textRule(
  from: Of<'string'>,
  to: Of<'string'>,
): CompatibilityRuleId | undefined {
  if (from.maxLength !== to.maxLength) {
    return lengthRule(from.maxLength, to.maxLength);
  }
  return Boolean(from.padded) === Boolean(to.padded)
    ? undefined
    : 'physical-type-changed';
}

/** The rule for texts of another greatest length, in characters. */
export function lengthRule(
  from: number | undefined,
  to: number | undefined,
): 'length-raised' | 'length-lowered' | 'length-limited' {
  if (from === undefined) {
    return 'length-limited';
  }
  return (to ?? Infinity) >= from ? 'length-raised' : 'length-lowered';
}

function momentRule(
  from: Of<'timestamp'>,
  to: Of<'timestamp'>,
): CompatibilityRuleId | undefined {
  if (from.zone !== to.zone) {
    return 'type-replaced';
  }
  return from.word === to.word
    ? digitsRule(from.digits, to.digits)
    : 'physical-type-changed';
}

/** Most stores keep microseconds where nothing is said. */
const USUAL_DIGITS = 6;

function digitsRule(
  from: number | undefined,
  to: number | undefined,
): CompatibilityRuleId | undefined {
  const [before, after] = [from ?? USUAL_DIGITS, to ?? USUAL_DIGITS];
  if (before === after) {
    return undefined;
  }
  if (after > before) {
    return 'precision-raised';
  }
  return from === undefined ? 'precision-limited' : 'precision-lowered';
}
