import {
  ComparedType,
  comparedType,
  wholeNumbers,
} from '../contracts/comparedTypes';
import {
  normalizeSpelling,
  parseStoreType,
  Stores,
} from '../contracts/otherStoresTypes';
import { Field } from '../contracts/types';

/** What a contract says of the type of a field, in its two ways. */
export interface StatedType {
  /** Of the physical type, without differences that mean nothing. */
  spelling?: string;
  /** The physical type, where it is understood. */
  physical?: ComparedType;
  /** The logical type with its options. */
  logical?: ComparedType;
  /**
   * Whether the logical type says how wide values are, rather than leaving that
   * to the physical type or to a default of the standard.
   */
  isExact: boolean;
}

const formats: Record<string, ComparedType> = {
  ...Object.fromEntries(
    [8, 16, 32, 64, 128].flatMap(bits => [
      [`i${bits}`, wholeNumbers(bits)],
      [`u${bits}`, wholeNumbers(bits, false)],
    ]),
  ),
  f32: { kind: 'float', bits: 32 },
  f64: { kind: 'float', bits: 64 },
};

export function statedType(field: Field, stores: Stores): StatedType {
  const { physicalType, logicalType, type, options = {} } = field;
  const logical = logicalTypeOf(field);
  const physical =
    physicalType === undefined
      ? undefined
      : parseStoreType(physicalType, stores);
  if (physicalType === undefined && logicalType === undefined) {
    return { logical: shortened(comparedType(type), field), isExact: true };
  }
  return {
    ...(physicalType !== undefined && {
      spelling: normalizeSpelling(physicalType),
    }),
    ...(physical && { physical: shortened(physical, field) }),
    ...(logical && { logical: shortened(logical, field) }),
    isExact: isExact(logical, options),
  };
}

function logicalTypeOf({
  logicalType,
  type,
  options = {},
}: Field): ComparedType | undefined {
  const format = String(options.format);
  const width = Object.hasOwn(formats, format) ? formats[format] : undefined;
  switch (logicalType) {
    case undefined:
      return undefined;
    case 'integer':
      return width?.kind === 'integer' ? width : wholeNumbers(32);
    case 'number':
      return width?.kind === 'float' ? width : { kind: 'decimal' };
    case 'string':
      return textOf(format);
    case 'timestamp':
      return { kind: 'timestamp', zone: options.timezone === true };
    case 'boolean':
    case 'date':
    case 'object':
      return { kind: logicalType };
    case 'time':
      return { kind: 'time' };
    case 'array':
      return comparedType(
        type.kind === 'array'
          ? type
          : { kind: 'array', items: { kind: 'unknown' } },
      );
    default:
      return { kind: 'unknown', spelling: logicalType };
  }
}

function textOf(format: string): ComparedType {
  if (format === 'uuid') {
    return { kind: 'uuid' };
  }
  return format === 'byte' || format === 'binary'
    ? { kind: 'bytes' }
    : { kind: 'string' };
}

function isExact(
  logical: ComparedType | undefined,
  { format, timezone }: Record<string, unknown>,
): boolean {
  switch (logical?.kind) {
    case 'integer':
      return format !== undefined;
    case 'decimal':
      return false;
    case 'timestamp':
      return timezone !== undefined;
    default:
      return logical !== undefined;
  }
}

/** The greatest length is what the type and what the option leave together. */
function shortened(type: ComparedType, { options }: Field): ComparedType {
  const option = options?.maxLength;
  if (type.kind !== 'string' || typeof option !== 'number') {
    return type;
  }
  return { ...type, maxLength: Math.min(type.maxLength ?? Infinity, option) };
}
