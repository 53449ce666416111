import { EnginePlan } from '@skein/backstage-plugin-dataset-migrations-node';
import { Queryable } from '../table/readTable';
import { TableDefinition } from '../table/TableDefinition';
import { prepared } from '../connection/prepared';

/**
 * What a plan takes up beside the data, in bytes, until the old version is
 * cleaned up: a copy about as large as the table with its indexes and TOAST.
 */
export function diskBytes(
  strategy: EnginePlan['strategy'],
  { bytes }: TableDefinition,
): number {
  return strategy === 'shadow-copy' ? bytes : 0;
}

/**
 * Whether the database would grow beyond what the operator allows. SQL does not
 * say how much room the file system has.
 *
 * @param limit - in bytes; none when absent
 */
export async function problemsOfDisk(
  session: Queryable,
  needed: number,
  limit: number | undefined,
): Promise<string[]> {
  if (limit === undefined || needed === 0) {
    return [];
  }
  const [{ bytes }] = await session.query(
    prepared('SELECT pg_database_size(current_database()) AS bytes'),
  );
  const total = Number(bytes) + needed;
  return total > limit
    ? [
        `The copy takes about ${megabytes(
          needed,
        )}; with it the database would take ${megabytes(
          total,
        )}, more than the ${megabytes(
          limit,
        )} that maxDatabaseBytes allows. Make room, or raise the limit.`,
      ]
    : [];
}

/** For people: `117 MB`. */
export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MB`;
}
