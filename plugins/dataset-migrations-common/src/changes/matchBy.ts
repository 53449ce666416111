/** What has a name, and perhaps a stable id that outlives it. */
export interface Named {
  id?: string;
  name: string;
}

/** Which things of two versions are the same. */
export interface Match<T> {
  pairs: Array<{ from: T; to: T }>;
  gone: T[];
  added: T[];
}

/**
 * Pairs the things of two versions, each with one at most.
 *
 * @param rules - which of them are the same, the surest rule first
 */
export function matchBy<T>(
  from: T[],
  to: T[],
  rules: Array<(a: T, b: T) => boolean>,
): Match<T> {
  const newOf = new Map<T, T>();
  const taken = new Set<T>();
  for (const same of rules) {
    for (const a of from.filter(item => !newOf.has(item))) {
      const b = to.find(item => !taken.has(item) && same(a, item));
      if (b) {
        newOf.set(a, b);
        taken.add(b);
      }
    }
  }
  return {
    pairs: from
      .filter(item => newOf.has(item))
      .map(item => ({ from: item, to: newOf.get(item)! })),
    gone: from.filter(item => !newOf.has(item)),
    added: to.filter(item => !taken.has(item)),
  };
}

export const sameId = (a: Named, b: Named) =>
  a.id !== undefined && a.id === b.id;

export const sameName = (a: Named, b: Named) => a.name === b.name;
