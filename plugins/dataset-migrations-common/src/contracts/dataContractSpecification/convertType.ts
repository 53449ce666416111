import { JsonObject } from '@backstage/types';

/** Types of the older specification in words of ODCS. */
const types: Record<string, JsonObject> = {
  string: { logicalType: 'string' },
  text: { logicalType: 'string' },
  varchar: { logicalType: 'string' },
  integer: { logicalType: 'integer' },
  int: { logicalType: 'integer' },
  long: { logicalType: 'integer', logicalTypeOptions: { format: 'i64' } },
  bigint: { logicalType: 'integer', logicalTypeOptions: { format: 'i64' } },
  float: { logicalType: 'number', logicalTypeOptions: { format: 'f32' } },
  double: { logicalType: 'number', logicalTypeOptions: { format: 'f64' } },
  boolean: { logicalType: 'boolean' },
  date: { logicalType: 'date' },
  time: { logicalType: 'time' },
  timestamp: {
    logicalType: 'timestamp',
    logicalTypeOptions: { timezone: true },
  },
  timestamp_tz: {
    logicalType: 'timestamp',
    logicalTypeOptions: { timezone: true },
  },
  timestamp_ntz: {
    logicalType: 'timestamp',
    logicalTypeOptions: { timezone: false },
  },
  bytes: { logicalType: 'string', logicalTypeOptions: { format: 'binary' } },
  json: { physicalType: 'json' },
  object: { logicalType: 'object' },
  record: { logicalType: 'object' },
  struct: { logicalType: 'object' },
  array: { logicalType: 'array' },
};

const decimals = new Set(['number', 'numeric', 'decimal']);

/** Where only the digits after the point are said. */
const DEFAULT_PRECISION = 38;

/**
 * The type of a field or of the items of a list.
 *
 * @param type - in any case; one that the specification does not know is kept as
 *   the store's own
 */
export function convertType(
  type: string,
  precision: number | undefined,
  scale: number | undefined,
): JsonObject {
  const word = type.trim().toLocaleLowerCase('en-US');
  if (decimals.has(word)) {
    return precision === undefined && scale === undefined
      ? { logicalType: 'number' }
      : {
          logicalType: 'number',
          physicalType: `decimal(${precision ?? DEFAULT_PRECISION},${
            scale ?? 0
          })`,
        };
  }
  return Object.hasOwn(types, word) ? types[word] : { physicalType: type };
}
