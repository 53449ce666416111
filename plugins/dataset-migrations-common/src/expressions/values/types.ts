import { Decimal } from './decimal';

/**
 * A value while it is computed with. Integers are bigint, decimals exact,
 * dates a number of days since 1970-01-01 as `days`, times and timestamps
 * microseconds. Everything that is only compared is text: uuid in lower case,
 * bytes as hex, json, arrays and objects as JSON.
 */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Decimal
  | { days: number };

/** As decimals and dates are the only objects among values. */
export const isDecimal = (value: Value): value is Decimal =>
  typeof value === 'object' && value !== null && 'unscaled' in value;
