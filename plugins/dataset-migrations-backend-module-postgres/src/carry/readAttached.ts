import { prepared } from '../connection/prepared';
import { Place } from '../RunContext';
import { Queryable } from '../table/readTable';
import { TableDefinition } from '../table/TableDefinition';
import { Attached, AttachedKind } from './Attached';
import { foreignKeys } from './foreignKeys';
import { functions } from './functions';
import { policies, rowSecurities } from './policies';
import { publications } from './publications';
import { onPartition } from './remarkablePartitions';
import { extendedStatistics } from './statistics';
import { triggers } from './triggers';
import { views } from './views';

/** In the order in which they are put on a table. */
const kinds: AttachedKind[] = [
  foreignKeys,
  triggers,
  policies,
  rowSecurities,
  extendedStatistics,
  publications,
  functions,
  views,
];

/** One request for all: most tables have little of it. */
const allKinds = prepared(
  `${kinds
    .map(
      ({ sql }, index) =>
        `SELECT ${index} AS kind, jsonb_agg(found) AS rows FROM (${sql}) AS found`,
    )
    .join('\nUNION ALL\n')}\nORDER BY kind`,
);

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
  const found = await session.query(allKinds, [oid]);
  return found.flatMap(({ kind, rows }) =>
    (rows ?? []).map((row: unknown) => kinds[kind].attached(row)),
  );
}
