/** A table, or a partition of one, and how long it is. */
export interface Extent {
  blocks: number;
}

/**
 * Blocks of partitions are counted through from the first to the last, as if
 * they were one table: these are the parts of the partitions that a range of
 * such numbers is. Its end, like those of the parts, is excluded.
 */
export function partsOf<T extends Extent>(
  extents: ReadonlyArray<T>,
  firstBlock: number,
  endBlock: number,
): Array<{ extent: T; from: number; to: number }> {
  let start = 0;
  return extents.flatMap(extent => {
    const from = Math.max(firstBlock - start, 0);
    const to = Math.min(endBlock - start, extent.blocks);
    start += extent.blocks;
    return from < to ? [{ extent, from, to }] : [];
  });
}

/**
 * SQL that is true for the rows in blocks of one table.
 *
 * @param ctid - of its rows
 */
export function inBlocks(from: number, to: number, ctid = 'ctid'): string {
  return `${ctid} >= '(${from},0)'::tid AND ${ctid} < '(${to},0)'::tid`;
}
