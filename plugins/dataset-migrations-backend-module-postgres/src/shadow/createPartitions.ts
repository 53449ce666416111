import { Session } from '../connection/Session';
import { qualified } from '../connection/sql';
import { contextOfPartition, Place, RunContext } from '../RunContext';
import { layOut } from '../table/layout';
import { readTable } from '../table/readTable';
import { Partition, TableDefinition } from '../table/TableDefinition';
import { indexesAndChecks, IndexPart } from './finishStatements';
import { createShadowTable } from './shadowTable';

/** So many blocks have an entry of their own among what is left to do. */
const LARGE = 1_000;

/** What is left to do for the partitions of a full shadow. */
export interface MadePartitions {
  /** Statements, in their order, before those of the table itself. */
  finish: string[];
  /** The indexes of the partitions of one table, as parts of its own. */
  partsOf(place: Place): IndexPart[];
}

/**
 * Creates the partitions of an empty shadow, each like the one that it stands
 * for, and attaches them with the same bounds.
 */
export async function createPartitions(
  session: Session,
  context: RunContext,
  table: TableDefinition,
): Promise<MadePartitions> {
  const { run, next } = context;
  const made: Array<{
    partition: Partition;
    context: RunContext;
    before: TableDefinition;
    altered: TableDefinition;
  }> = [];
  for (const partition of table.partitioning?.partitions ?? []) {
    const own = contextOfPartition(context, partition);
    const before = (await readTable(session, partition))!;
    const altered = await createShadowTable(
      session,
      own,
      before,
      layOut(run.mapping, before),
    );
    await session.query(
      `ALTER TABLE ${qualified({
        schema: next,
        table: partition.parent.table,
      })} ATTACH PARTITION ${own.shadow} ${partition.bound}`,
    );
    made.push({ partition, context: own, before, altered });
  }
  const partsOf = (place: Place): IndexPart[] =>
    made
      .filter(
        ({ partition: { parent } }) =>
          parent.schema === place.schema && parent.table === place.table,
      )
      .flatMap(({ before, altered }) =>
        before.indexes
          .filter(({ name }) => altered.indexes.some(i => i.name === name))
          .flatMap(({ name, partOf }) => (partOf ? [{ name, partOf }] : [])),
      );
  return {
    partsOf,
    // Those of a partition come before those of what it is a partition of.
    finish: inBatches(
      [...made].reverse().map(one => ({
        blocks: one.partition.blocks,
        statements: indexesAndChecks(
          one.context,
          one.before,
          one.altered,
          partsOf(one.partition),
        ),
      })),
    ),
  };
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
