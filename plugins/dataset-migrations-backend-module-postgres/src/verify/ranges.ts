/** Ranges that a report names at most for one column. */
const MAX_RANGES = 20;

/**
 * Key ranges in words, `id 1200..1299`, both ends included: neighbours among
 * integers become one range, and too many ranges become fewer, wider ones.
 *
 * @param title - the names of the key's columns
 * @param keys - in their order, one text per column
 */
export function condense(title: string, keys: string[][]): string[] {
  const runs: Array<{ first: string[]; last: string[] }> = [];
  for (const key of keys) {
    const current = runs[runs.length - 1];
    if (current && follows(current.last, key)) {
      current.last = key;
    } else {
      runs.push({ first: key, last: key });
    }
  }
  const size = Math.ceil(runs.length / MAX_RANGES);
  const ranges: string[] = [];
  for (let at = 0; at < runs.length; at += size) {
    const group = runs.slice(at, at + size);
    ranges.push(
      `${title} ${show(group[0].first)}..${show(group[group.length - 1].last)}`,
    );
  }
  return ranges;
}

function follows(last: string[], key: string[]): boolean {
  return (
    key.length === 1 &&
    /^-?\d+$/.test(last[0]) &&
    /^-?\d+$/.test(key[0]) &&
    BigInt(last[0]) + 1n === BigInt(key[0])
  );
}

function show(key: string[]): string {
  return key.length === 1 ? key[0] : `(${key.join(', ')})`;
}
