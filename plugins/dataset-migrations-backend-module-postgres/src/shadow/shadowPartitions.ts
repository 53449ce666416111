import { Session } from '../connection/Session';
import { qualified } from '../connection/sql';
import { contextOfPartition, RunContext } from '../RunContext';
import { layOut } from '../table/layout';
import { readTables } from '../table/readTable';
import { TableDefinition } from '../table/TableDefinition';
import { indexesAndChecks, IndexPart } from './finishStatements';
import { ShadowTable } from './shadowTables';

/** So many blocks have an entry of their own among what is left to do. */
const LARGE = 1_000;

/** A table of the shadow with the definition of its template. */
type Made = ShadowTable & { altered: TableDefinition };

/** What the partitions of a shadow are made after, each after its parent. */
export async function shadowPartitions(
  session: Session,
  context: RunContext,
  { partitioning }: TableDefinition,
): Promise<ShadowTable[]> {
  const tables = await readTables(session, partitioning?.partitions ?? []);
  return tables.map(table => ({
    context: contextOfPartition(context, table),
    table,
    layout: layOut(context.run.mapping, table),
  }));
}

/** The statements that attach the partitions of a shadow, with their bounds. */
export function attachStatements(
  { next }: RunContext,
  { partitioning }: TableDefinition,
): string[] {
  return (partitioning?.partitions ?? []).map(
    ({ parent, table, bound }) =>
      `ALTER TABLE ${qualified({
        schema: next,
        table: parent.table,
      })} ATTACH PARTITION ${qualified({ schema: next, table })} ${bound}`,
  );
}

/**
 * The statements that complete the partitions of a full shadow, before those of
 * the table itself.
 */
export function finishPartitions(partitions: Made[]): string[] {
  // Those of a partition come before those of what it is a partition of.
  return inBatches(
    [...partitions].reverse().map(({ context, table, altered }) => ({
      blocks: table.partitioning ? 0 : table.blocks,
      statements: indexesAndChecks(
        context,
        table,
        altered,
        indexParts(table, partitions),
      ),
    })),
  );
}

/** The indexes of the partitions of a table that are parts of its own. */
export function indexParts(
  table: TableDefinition,
  partitions: Made[],
): IndexPart[] {
  return partitions
    .filter(
      ({ table: { partitionOf } }) =>
        partitionOf?.schema === table.schema &&
        partitionOf.table === table.table,
    )
    .flatMap(({ table: { indexes }, altered }) =>
      indexes
        .filter(index => altered.indexes.some(i => i.name === index.name))
        .flatMap(({ name: part, partOf }) =>
          partOf ? [{ name: part, partOf }] : [],
        ),
    );
}

/**
 * Puts the statements of many small partitions into one, as each is run in a
 * transaction of its own; those of a large one stay alone.
 */
function inBatches(
  partitions: Array<{ blocks: number; statements: string[] }>,
): string[] {
  const batches: string[][] = [];
  let room = 0;
  for (const { blocks, statements } of partitions) {
    if (blocks >= LARGE) {
      batches.push(...statements.map(statement => [statement]));
      room = 0;
    } else if (statements.length > 0) {
      if (room < blocks || batches.length === 0) {
        batches.push([]);
        room = LARGE;
      }
      batches[batches.length - 1].push(...statements);
      room -= blocks;
    }
  }
  return batches.map(statements => statements.join(';\n'));
}
