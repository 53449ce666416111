import { Place } from '../RunContext';
import { Queryable } from '../table/readTable';
import { TableDefinition } from '../table/TableDefinition';
import { Attached } from './Attached';
import { readForeignKeys } from './foreignKeys';
import { readFunctions } from './functions';
import { readPolicies } from './policies';
import { readPublications } from './publications';
import { onPartition } from './remarkablePartitions';
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

/** Something that hangs on a table or on one of its partitions. */
export interface Hanging {
  attached: Attached;
  on: Place;
}

/**
 * What hangs on a table, and on partitions of it, which is named so.
 *
 * @param partitions - those to look at
 */
export async function readHanging(
  session: Queryable,
  table: TableDefinition,
  partitions: TableDefinition[],
): Promise<Hanging[]> {
  const own = await readAttached(session, table.oid);
  const hanging = own.map(attached => ({ attached, on: table as Place }));
  for (const partition of partitions) {
    const found = await readAttached(session, partition.oid);
    hanging.push(
      ...found.map(attached => ({
        attached: { ...attached, name: onPartition(attached.name, partition) },
        on: partition,
      })),
    );
  }
  return hanging;
}

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
