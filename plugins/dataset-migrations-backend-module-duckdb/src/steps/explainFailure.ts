import { InputError } from '@backstage/errors';
import { QueryError } from '../process/QueryError';
import { Session } from '../process/Session';
import { ProjectedValue } from '../relations/projectFields';
import { Relation } from '../relations/Relation';
import { Chunk } from './chunkRelation';

/**
 * SQL that is true where computing a value fails, and false where it does not,
 * NULL being a value. In a list, as DuckDB does not compute what it only has to
 * know to be no NULL, which it may know from the statistics of a file.
 */
export function failsAt(sql: string): string {
  return `(TRY([${sql}]) IS NULL)`;
}

/**
 * Finds out which field a failed statement failed at, as DuckDB only says at
 * what value.
 *
 * @returns an InputError naming field and number of rows, but no value (G11);
 *   the error itself when no field is to blame, as when the disk is full
 */
export async function explainFailure(
  session: Session,
  relation: Relation,
  values: ProjectedValue[],
  error: QueryError,
  chunk: Chunk,
): Promise<Error> {
  const unexplained = error.ofData
    ? new InputError(`${chunk.title}: ${error.message}`)
    : error;
  const touched = values.filter(({ untouched }) => !untouched);
  const counts = touched.map(
    ({ sql }, index) => `count(*) FILTER (WHERE ${failsAt(sql)}) AS f${index}`,
  );
  if (!error.ofData || counts.length === 0) {
    return unexplained;
  }
  try {
    const [found] = await session.query(
      `SELECT ${counts.join(', ')} FROM ${relation.sql}`,
    );
    const failing = touched
      .map(({ field }, index) => ({ field, rows: Number(found[`f${index}`]) }))
      .filter(({ rows }) => rows > 0);
    if (failing.length > 0) {
      const fields = failing
        .map(({ field, rows }) => `'${field.name}' in ${rows} row(s)`)
        .join(', ');
      return new InputError(
        `${chunk.title}: ${fields} fails: ${error.message}`,
      );
    }
  } catch (second) {
    if (!(second instanceof QueryError)) {
      throw second;
    }
  }
  return unexplained;
}
