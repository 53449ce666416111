import { groupBy } from './groupBy';

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

/** What a thing is known by; undefined where it is not known by it. */
type Key<T> = (item: T) => string | undefined;

/** What things of both versions, or of each of them, are known by. */
export type MatchRule<T> = Key<T> | { from: Key<T>; to: Key<T> };

/**
 * Pairs the things of two versions, each with one at most, in their order.
 *
 * @param rules - what they are the same by, the surest first
 */
export function matchBy<T>(
  from: T[],
  to: T[],
  rules: Array<MatchRule<T>>,
): Match<T> {
  const newOf = new Map<T, T>();
  const taken = new Set<T>();
  for (const rule of rules) {
    const keys = typeof rule === 'function' ? { from: rule, to: rule } : rule;
    // The first of each key last, so that it is taken first.
    const free = groupBy(
      to.filter(item => !taken.has(item)).reverse(),
      keys.to,
    );
    for (const item of from.filter(other => !newOf.has(other))) {
      const key = keys.from(item);
      const next = key === undefined ? undefined : free.get(key)?.pop();
      if (next !== undefined) {
        newOf.set(item, next);
        taken.add(next);
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

export const byId = ({ id }: Named) => id;

export const byName = ({ name }: Named) => name;
