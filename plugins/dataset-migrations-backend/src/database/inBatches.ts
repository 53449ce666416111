/**
 * Rows of one statement. PostgreSQL takes 65,535 parameters in one, and each
 * value of each row is a parameter.
 */
const BATCH = 500;

/**
 * Writes any number of rows, one batch a statement. `knex.batchInsert` does not
 * know conflicts.
 *
 * @param write - writes up to 500 rows, at least one
 * @returns what the writes returned, in order
 */
export async function inBatches<T, R>(
  rows: readonly T[],
  write: (batch: T[]) => Promise<R[]>,
): Promise<R[]> {
  const written: R[] = [];
  for (let at = 0; at < rows.length; at += BATCH) {
    written.push(...(await write(rows.slice(at, at + BATCH))));
  }
  return written;
}
