import { formatFieldType } from './formatFieldType';
import { FieldType } from './types';

/**
 * A type as far as two versions of a contract are compared by it. It tells more
 * than the types that engines work with: the least and the greatest whole number,
 * and the digits of a second.
 */
export type ComparedType =
  | { kind: 'boolean' | 'date' | 'uuid' | 'bytes' | 'json' }
  | { kind: 'object' }
  | { kind: 'integer'; min: bigint; max: bigint }
  | { kind: 'decimal'; precision?: number; scale?: number }
  | { kind: 'float'; bits: 32 | 64 }
  /** `padded`: filled up with spaces, as `char(10)` is. */
  | { kind: 'string'; maxLength?: number; padded?: boolean }
  | { kind: 'time'; digits?: number }
  /** `word`: where stores differ in what the word means, the word. */
  | { kind: 'timestamp'; zone: boolean; digits?: number; word?: string }
  | { kind: 'array'; items: ComparedType }
  | { kind: 'unknown'; spelling?: string };

type Of<K extends ComparedType['kind']> = Extract<ComparedType, { kind: K }>;

/** Whole numbers of so many bits. */
export function wholeNumbers(bits: number, signed = true): Of<'integer'> {
  const size = BigInt(1) << BigInt(signed ? bits - 1 : bits);
  return {
    kind: 'integer',
    min: signed ? -size : BigInt(0),
    max: size - BigInt(1),
  };
}

/** How people call the widths, the usual names first. */
const widths: ReadonlyArray<[name: string, bits: number, signed: boolean]> = [
  ['smallint', 16, true],
  ['integer', 32, true],
  ['bigint', 64, true],
  ['tinyint', 8, true],
  ['hugeint', 128, true],
  ['unsigned tinyint', 8, false],
  ['unsigned smallint', 16, false],
  ['unsigned integer', 32, false],
  ['unsigned bigint', 64, false],
  ['unsigned hugeint', 128, false],
];

/** A type as sentences about changes call it. */
export function formatComparedType(type: ComparedType): string {
  switch (type.kind) {
    case 'integer': {
      const known = widths.find(([, bits, signed]) => {
        const { min, max } = wholeNumbers(bits, signed);
        return min === type.min && max === type.max;
      });
      return known?.[0] ?? `integer from ${type.min} to ${type.max}`;
    }
    case 'string':
      return type.padded && type.maxLength !== undefined
        ? `char(${type.maxLength})`
        : formatFieldType({ kind: 'string', maxLength: type.maxLength });
    case 'time':
    case 'timestamp':
      return formatMoment(type);
    case 'array':
      return `${formatComparedType(type.items)}[]`;
    case 'object':
      return type.kind;
    default:
      return formatFieldType(type);
  }
}

function formatMoment(type: Of<'time' | 'timestamp'>): string {
  const digits = type.digits === undefined ? '' : `(${type.digits})`;
  const word = type.kind === 'timestamp' ? type.word ?? 'timestamp' : type.kind;
  const zone = type.kind === 'timestamp' && type.zone ? ' with time zone' : '';
  return `${word}${digits}${zone}`;
}

/** A type of engines, as it is compared. */
export function comparedType(type: FieldType): ComparedType {
  switch (type.kind) {
    case 'integer':
      return wholeNumbers(type.bits);
    case 'array':
      return { kind: 'array', items: comparedType(type.items) };
    case 'object':
      return { kind: 'object' };
    default:
      return type;
  }
}

/** The smallest type of engines that holds all values of a compared one. */
export function engineType(type: ComparedType): FieldType | undefined {
  switch (type.kind) {
    case 'integer':
      return engineInteger(type);
    case 'string':
      return type.maxLength === undefined
        ? { kind: 'string' }
        : { kind: 'string', maxLength: type.maxLength };
    case 'time':
      return { kind: 'time' };
    case 'timestamp':
      return { kind: 'timestamp', zone: type.zone };
    case 'array': {
      const items = engineType(type.items);
      return items && { kind: 'array', items };
    }
    case 'object':
      return undefined;
    default:
      return type;
  }
}

function engineInteger(type: Of<'integer'>): FieldType {
  const bits = ([16, 32, 64] as const).find(width => {
    const { min, max } = wholeNumbers(width);
    return min <= type.min && type.max <= max;
  });
  if (bits) {
    return { kind: 'integer', bits };
  }
  const digits = type.max < BigInt(1) << BigInt(64) ? 20 : 39;
  return { kind: 'decimal', precision: digits, scale: 0 };
}
