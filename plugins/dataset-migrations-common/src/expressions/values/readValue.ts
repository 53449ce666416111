import { InputError } from '@backstage/errors';
import { JsonValue } from '@backstage/types';
import { formatFieldType } from '../../contracts/formatFieldType';
import { FieldType } from '../../contracts/types';
import { quoteValue } from '../../documents/problems';
import { textPatterns } from '../textPatterns';
import {
  DAY,
  daysFromCivil,
  HOUR,
  isValidDate,
  MINUTE,
  SECOND,
} from './calendar';
import { parseDecimal, roundDecimal, wholeDigitsOf } from './decimal';
import { Value } from './types';

/** The ends of two's complement. */
export function isInRange(value: bigint, bits: 16 | 32 | 64): boolean {
  const limit = 1n << BigInt(bits - 1);
  return value >= -limit && value < limit;
}

const TRUE = new Set(['t', 'true', 'y', 'yes', 'on', '1']);

const patterns = Object.fromEntries(
  Object.entries(textPatterns).map(([name, source]) => [
    name,
    new RegExp(source),
  ]),
) as Record<keyof typeof textPatterns, RegExp>;

type Readers = {
  [K in FieldType['kind']]: (
    text: string,
    type: Extract<FieldType, { kind: K }>,
  ) => Value | undefined;
};

const readers: Readers = {
  boolean: text =>
    patterns.boolean.test(text)
      ? TRUE.has(text.trim().toLocaleLowerCase('en-US'))
      : undefined,
  integer: (text, type) => {
    if (!patterns.integer.test(text)) {
      return undefined;
    }
    const value = BigInt(text.trim().replace(/^\+/, ''));
    return isInRange(value, type.bits) ? value : undefined;
  },
  decimal: (text, type) => {
    const value = patterns.decimal.test(text) ? parseDecimal(text) : undefined;
    if (!value || type.precision === undefined) {
      return value;
    }
    const rounded = roundDecimal(value, type.scale ?? 0);
    return wholeDigitsOf(rounded) <= type.precision - (type.scale ?? 0)
      ? rounded
      : undefined;
  },
  float: (text, type) =>
    patterns.float.test(text) ? readFloat(text, type.bits) : undefined,
  string: (text, type) =>
    type.maxLength === undefined || [...text].length <= type.maxLength
      ? text
      : undefined,
  date: text => (patterns.date.test(text) ? readDate(text.trim()) : undefined),
  time: text => (patterns.time.test(text) ? readTime(text.trim()) : undefined),
  timestamp: (text, type) =>
    (type.zone ? patterns.timestampWithZone : patterns.timestamp).test(text)
      ? readTimestamp(text.trim())
      : undefined,
  unknown: () => undefined,
  uuid: text =>
    patterns.uuid.test(text) ? text.toLocaleLowerCase('en-US') : undefined,
  bytes: text =>
    /^([0-9a-fA-F]{2})*$/.test(text)
      ? text.toLocaleLowerCase('en-US')
      : undefined,
  json: readJson,
  array: readJson,
  object: readJson,
};

/**
 * Reads text as a value of a type, by the rules of a cast from text.
 *
 * @throws InputError naming the text and the type
 */
export function readValue(text: string, type: FieldType): Value {
  const value = readers[type.kind](text, type as never);
  if (value === undefined) {
    throw new InputError(
      `${quoteValue(text)} is not a value of type ${formatFieldType(type)}`,
    );
  }
  return value;
}

function readFloat(text: string, bits: 32 | 64): number | undefined {
  const trimmed = text.trim().toLocaleLowerCase('en-US');
  if (trimmed.endsWith('nan')) {
    return NaN;
  }
  if (trimmed.includes('inf')) {
    return trimmed.startsWith('-') ? -Infinity : Infinity;
  }
  const value = bits === 32 ? Math.fround(Number(trimmed)) : Number(trimmed);
  const underflows = value === 0 && /^[^e]*[1-9]/.test(trimmed);
  return Number.isFinite(value) && !underflows ? value : undefined;
}

function readDate(text: string): { days: number } | undefined {
  const [year, month, day] = text.split('-').map(Number);
  const date = { year, month, day };
  return isValidDate(date) ? { days: daysFromCivil(date) } : undefined;
}

function readTime(text: string): bigint {
  const [hours, minutes, seconds = '0'] = text.split(':');
  const [whole, fraction = ''] = seconds.split('.');
  return (
    BigInt(hours) * HOUR +
    BigInt(minutes) * MINUTE +
    BigInt(whole) * SECOND +
    BigInt(fraction.padEnd(6, '0'))
  );
}

function readTimestamp(text: string): bigint | undefined {
  const date = readDate(text.slice(0, 10));
  const [, time = '00:00', sign, hours = '0', minutes = '0'] =
    /^.{10}(?:[ T]([0-9:.]+))?(?:[Zz]|([+-])(\d{2}):?(\d{2})?)?$/.exec(text)!;
  if (!date || Number(hours) > 15 || Number(minutes) > 59) {
    return undefined;
  }
  const offset = BigInt(hours) * HOUR + BigInt(minutes) * MINUTE;
  return (
    BigInt(date.days) * DAY + readTime(time) - (sign === '-' ? -offset : offset)
  );
}

/** With sorted keys, as some stores keep no order. */
function readJson(text: string): string | undefined {
  try {
    return JSON.stringify(sortKeys(JSON.parse(text)));
  } catch {
    return undefined;
  }
}

function sortKeys(value: JsonValue): JsonValue {
  if (Array.isArray(value)) {
    return value.map(sortKeys);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map(key => [key, sortKeys(value[key]!)]),
  );
}
