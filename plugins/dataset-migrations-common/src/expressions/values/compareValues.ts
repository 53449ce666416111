import { compareDecimals } from './decimal';
import { isDecimal, Value } from './types';

/** By code points, as collation C orders UTF-8; JavaScript orders UTF-16. */
function compareTexts(a: string, b: string): number {
  const [x, y] = [[...a], [...b]];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = x[i].codePointAt(0)! - y[i].codePointAt(0)!;
    if (difference !== 0) {
      return Math.sign(difference);
    }
  }
  return Math.sign(x.length - y.length);
}

/** NaN equals itself and is greater than every other number. */
function compareFloats(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) {
    return Number(Number.isNaN(a)) - Number(Number.isNaN(b));
  }
  return order(a, b);
}

function order<T extends number | bigint | boolean>(a: T, b: T): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/**
 * Negative, zero or positive, as the first is less than, equal to or greater
 * than the second. Both are of one kind, neither is NULL.
 */
export function compareValues(a: Value, b: Value): number {
  if (isDecimal(a) && isDecimal(b)) {
    return compareDecimals(a, b);
  }
  if (typeof a === 'string') {
    return compareTexts(a, b as string);
  }
  if (typeof a === 'number') {
    return compareFloats(a, b as number);
  }
  if (typeof a === 'object') {
    const [x, y] = [a, b] as Array<{ days: number }>;
    return Math.sign(x.days - y.days);
  }
  return order(a as bigint, b as bigint);
}
