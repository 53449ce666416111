/**
 * A small seeded generator (mulberry32), so that a failing run can be had again
 * with its seed. Not for secrets.
 *
 * @returns a function that yields numbers in [0, 1)
 */
export function seededRandom(seed: number): () => number {
  let state = Math.trunc(seed) % 2 ** 32;
  return () => {
    state = (state + 0x6d2b79f5) % 2 ** 32;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` of the items, in their order. */
export function sample<T>(
  items: T[],
  count: number,
  random: () => number,
): T[] {
  const chosen = new Set<number>();
  while (chosen.size < Math.min(count, items.length)) {
    chosen.add(Math.floor(random() * items.length));
  }
  return items.filter((_, index) => chosen.has(index));
}
