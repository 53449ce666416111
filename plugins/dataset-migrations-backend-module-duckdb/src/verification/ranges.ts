/** Ranges that a report names, at most; it says how many more there are. */
const NAMED = 10;

/**
 * Joins positions that follow each other to ranges.
 *
 * @param positions - ascending
 */
export function joinPositions(
  positions: number[],
): Array<{ first: number; last: number }> {
  const ranges: Array<{ first: number; last: number }> = [];
  for (const position of positions) {
    const open = ranges[ranges.length - 1];
    if (open && position === open.last + 1) {
      open.last = position;
    } else {
      ranges.push({ first: position, last: position });
    }
  }
  return ranges;
}

/** `id 5..9`, both ends included: how a report names a range. */
export function nameRange(name: string, first: string, last: string): string {
  return `${name} ${first}..${last}`;
}

/** The first ranges, and how many were left out. */
export function limitRanges(ranges: string[]): string[] {
  return ranges.length > NAMED
    ? [...ranges.slice(0, NAMED), `${ranges.length - NAMED} more`]
    : ranges;
}
