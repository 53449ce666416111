import { Queryable } from '../table/readTable';
import { Attached } from './Attached';
import { readForeignKeys } from './foreignKeys';
import { readFunctions } from './functions';
import { readPolicies } from './policies';
import { readPublications } from './publications';
import { readStatistics } from './statistics';
import { readTriggers } from './triggers';
import { readViews } from './views';

/** In the order in which they are put on a table. */
const kinds = [
  readForeignKeys,
  readTriggers,
  readPolicies,
  readStatistics,
  readPublications,
  readFunctions,
  readViews,
];

/** Everything that hangs on a table and can be carried over to another one. */
export async function readAttached(
  session: Queryable,
  oid: number,
): Promise<Attached[]> {
  const attached: Attached[] = [];
  for (const read of kinds) {
    attached.push(...(await read(session, oid)));
  }
  return attached;
}
