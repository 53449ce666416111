import { RunState } from '../control/runs';
import { Session } from '../connection/Session';
import { prepared } from '../connection/prepared';
import { RunContext } from '../RunContext';
import { rowsOfBlocks } from '../rows/RowSelection';
import { readPartitions } from '../table/readPartitions';
import { TableDefinition } from '../table/TableDefinition';

/** Blocks whose rows are counted to learn how many go into one. */
const SAMPLED_BLOCKS = 64;

/** How much there is to copy, and of what. */
export type SourceSize = Pick<RunState, 'columns' | 'partitions'> & {
  /** Of the table or, counted through, of all partitions. */
  blocks: number;
  /** Rows in a block. */
  density: number;
  /** As estimated. */
  rows: number;
};

/** Measures the live table, which the caller has locked. */
export async function sizeOfSource(
  session: Session,
  { live }: RunContext,
  { columns, table }: { columns: RunState['columns']; table: TableDefinition },
): Promise<SourceSize> {
  const found =
    table.partitioning && (await readPartitions(session, table.oid));
  const partitions = found?.map(({ schema, table: name, blocks }) => ({
    schema,
    table: name,
    blocks,
  }));
  const blocks = partitions
    ? partitions.reduce((sum, partition) => sum + partition.blocks, 0)
    : await countBlocks(session, live);
  const source = { columns, partitions };
  const density = await rowsPerBlock(session, live, blocks, source);
  const counted = Math.round(blocks * density);
  return {
    ...source,
    blocks,
    density,
    rows: blocks <= SAMPLED_BLOCKS ? counted : table.rows ?? counted,
  };
}

/** Counted under the lock: `pg_class` may be out of date. */
async function countBlocks(session: Session, live: string): Promise<number> {
  const [row] = await session.query(
    prepared(
      `SELECT pg_relation_size($1::regclass) / current_setting('block_size')::int AS blocks`,
    ),
    [live],
  );
  return Number(row.blocks);
}

async function rowsPerBlock(
  session: Session,
  live: string,
  blocks: number,
  source: Pick<RunState, 'columns' | 'partitions'>,
): Promise<number> {
  if (blocks === 0) {
    return 1;
  }
  const sampled = Math.min(blocks, SAMPLED_BLOCKS);
  const { relation = live, clause, values } = rowsOfBlocks(source, 0, sampled);
  const [row] = await session.query(
    `SELECT count(*) AS rows FROM ${relation} AS source ${clause}`,
    values,
  );
  return Math.max(1, Number(row.rows) / sampled);
}
