import { RunState } from '../control/runs';
import { ident, qualified } from '../connection/sql';
import { inBlocks, partsOf } from '../table/extents';

/** Some rows of a table, which has the alias `source`. */
export interface RowSelection {
  /** What to select from in place of the table, where that is quicker. */
  relation?: string;
  /** What follows the alias in a FROM. */
  clause: string;
  /** Its parameters, from `$1` on. */
  values: unknown[];
  /** The same for the same rows, whenever they are selected. */
  checkpoint: string;
}

/**
 * The rows in blocks of the table, the last one excluded; of a partitioned one
 * they are counted through its partitions. These are read by their own names, as
 * each has blocks of the same numbers.
 */
export function rowsOfBlocks(
  { partitions, columns }: Pick<RunState, 'partitions' | 'columns'>,
  firstBlock: number,
  endBlock: number,
): RowSelection {
  const checkpoint = `${firstBlock}..${endBlock}`;
  if (!partitions) {
    return {
      clause: `WHERE ${inBlocks(firstBlock, endBlock, 'source.ctid')}`,
      values: [],
      checkpoint,
    };
  }
  const names = columns.map(({ name }) => ident(name)).join(', ');
  const parts = partsOf(partitions, firstBlock, endBlock).map(
    ({ extent, from, to }) =>
      `SELECT ${names} FROM ${qualified(extent)} WHERE ${inBlocks(from, to)}`,
  );
  return {
    relation: `(${parts.join(' UNION ALL ')})`,
    clause: '',
    values: [],
    checkpoint,
  };
}
