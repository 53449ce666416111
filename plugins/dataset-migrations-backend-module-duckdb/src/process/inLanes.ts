import { DuckDbPool } from './DuckDbPool';
import { QueryError } from './QueryError';
import { Session } from './Session';

/**
 * Works on items with one process, as many at a time as it has threads. Those
 * for which memory does not suffice then are done after the others, one by one,
 * by one thread.
 *
 * @returns the results in the order of the items
 */
export async function workThrough<T, R>(
  pool: DuckDbPool,
  folder: string,
  signal: AbortSignal,
  items: readonly T[],
  work: (session: Session, item: T) => Promise<R>,
): Promise<R[]> {
  const results = new Map<T, R>();
  const together = items.length > 1 ? 'lanes' : 'one-statement';
  for (const sharing of [together, 'alone'] as const) {
    const left = items.filter(item => !results.has(item));
    try {
      await pool.withSession(
        folder,
        signal,
        session =>
          inLanes(session.lanes, left, async item => {
            results.set(item, await work(session, item));
          }),
        sharing,
      );
      break;
    } catch (error) {
      const tooMuch = error instanceof QueryError && error.outOfMemory;
      if (!tooMuch || sharing === 'alone') {
        throw error;
      }
    }
  }
  return items.map(item => results.get(item)!);
}

/**
 * Works on items in their order, some at a time. When one fails no further one
 * is begun, and those at work are waited for: whoever lent what they work with
 * gets it back idle.
 *
 * @returns the results in the order of the items
 * @throws what the first that failed threw
 */
export async function inLanes<T, R>(
  lanes: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const failures: unknown[] = [];
  let next = 0;
  const lane = async () => {
    while (next < items.length && failures.length === 0) {
      const index = next;
      next += 1;
      try {
        results[index] = await work(items[index]);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) {
    throw failures[0];
  }
  return results;
}
