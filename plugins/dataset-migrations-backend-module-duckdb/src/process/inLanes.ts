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
