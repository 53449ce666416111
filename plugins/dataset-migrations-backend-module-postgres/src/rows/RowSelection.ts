/** Some rows of a table, which has the alias `source`. */
export interface RowSelection {
  /** What follows the alias in a FROM. */
  clause: string;
  /** Its parameters, from `$1` on. */
  values: unknown[];
  /** The same for the same rows, whenever they are selected. */
  checkpoint: string;
}

/** The rows in blocks of the table, the last one excluded. */
export function rowsOfBlocks(
  firstBlock: number,
  endBlock: number,
): RowSelection {
  return {
    clause: 'WHERE source.ctid >= $1::tid AND source.ctid < $2::tid',
    values: [`(${firstBlock},0)`, `(${endBlock},0)`],
    checkpoint: `${firstBlock}..${endBlock}`,
  };
}
