import { RuleLimit } from './types';

/** Whether every number that the first limit allows is allowed by the second. */
export function isWithinLimit(a: RuleLimit, b: RuleLimit): boolean {
  if (a.outside && b.outside) {
    return a.from <= b.from && b.to <= a.to;
  }
  if (b.outside) {
    return a.to < b.from || a.from > b.to;
  }
  if (a.outside) {
    // All numbers beyond one end, or beyond both.
    const below =
      a.from === -Infinity || (b.from === -Infinity && a.from <= b.to);
    const above = a.to === Infinity || (b.to === Infinity && a.to >= b.from);
    return below && above;
  }
  return b.from <= a.from && a.to <= b.to;
}
