import { JsonObject, JsonValue } from '@backstage/types';
import { FieldType } from './types';

/** ODCS integer formats, as the smallest of our types that holds all values. */
const integerFormats: Record<string, FieldType> = {
  i8: { kind: 'integer', bits: 16 },
  u8: { kind: 'integer', bits: 16 },
  i16: { kind: 'integer', bits: 16 },
  u16: { kind: 'integer', bits: 32 },
  i32: { kind: 'integer', bits: 32 },
  u32: { kind: 'integer', bits: 64 },
  i64: { kind: 'integer', bits: 64 },
  u64: { kind: 'decimal', precision: 20, scale: 0 },
  i128: { kind: 'decimal', precision: 39, scale: 0 },
  u128: { kind: 'decimal', precision: 39, scale: 0 },
};

const numberFormats: Record<string, FieldType> = {
  f32: { kind: 'float', bits: 32 },
  f64: { kind: 'float', bits: 64 },
};

function stringOf(options: JsonObject): FieldType {
  if (options.format === 'uuid') {
    return { kind: 'uuid' };
  }
  if (options.format === 'byte' || options.format === 'binary') {
    return { kind: 'bytes' };
  }
  return typeof options.maxLength === 'number'
    ? { kind: 'string', maxLength: options.maxLength }
    : { kind: 'string' };
}

/** A format may be called as what every object has: `constructor`. */
function ofFormat(
  formats: Record<string, FieldType>,
  format: JsonValue | undefined,
): FieldType | undefined {
  const word = String(format);
  return Object.hasOwn(formats, word) ? formats[word] : undefined;
}

/**
 * The type of an ODCS `logicalType` with its `logicalTypeOptions`. An integer
 * without a format is 32 bits wide, as the standard has it; a number without
 * one is an exact decimal, which loses nothing.
 *
 * @returns undefined for `object` and `array`, whose types follow from their
 *   properties and items, and for what the standard does not know
 */
export function scalarLogicalType(
  logicalType: string,
  options: JsonObject,
): FieldType | undefined {
  switch (logicalType) {
    case 'string':
      return stringOf(options);
    case 'integer':
      return ofFormat(integerFormats, options.format ?? 'i32');
    case 'number':
      return ofFormat(numberFormats, options.format) ?? { kind: 'decimal' };
    case 'boolean':
      return { kind: 'boolean' };
    case 'date':
      return { kind: 'date' };
    case 'time':
      return { kind: 'time' };
    case 'timestamp':
      return { kind: 'timestamp', zone: options.timezone === true };
    default:
      return undefined;
  }
}
