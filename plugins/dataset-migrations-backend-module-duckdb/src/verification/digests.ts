import { createHash } from 'crypto';
import { ROW } from '../formats/Format';
import { Query } from '../process/Session';
import { ident } from '../sql/quote';

/** Rows of a slice and a digest of each of its columns. */
export interface SliceDigest {
  rows: number;
  columns: string[];
}

/**
 * Digests the columns of a slice. Every value is hashed together with the
 * position of its row, so that two rows cannot exchange one, and hashed once
 * more before it is summed: DuckDB combines hashes by XOR, whose sums let
 * exchanges cancel out. A sum needs no order and no memory.
 *
 * @param columns - SQL of the values
 * @param rows - what stands after FROM
 */
export async function digestSlice(
  query: Query,
  columns: string[],
  rows: string,
): Promise<SliceDigest> {
  const sums = columns.map(
    (sql, index) =>
      `CAST(coalesce(sum(CAST(hash(hash(${ident(
        ROW,
      )}, ${sql})) AS HUGEINT)), 0) AS VARCHAR) AS d${index}`,
  );
  const [result] = await query(
    `SELECT ${['count(*) AS n', ...sums].join(', ')} FROM ${rows}`,
  );
  return {
    rows: Number(result.n),
    columns: columns.map((_, index) => String(result[`d${index}`])),
  };
}

/** One text of 32 hexadecimal digits for a whole dataset, slice by slice. */
export class Checksum {
  private readonly hash = createHash('sha256');

  add(digest: SliceDigest): void {
    this.hash.update(`${digest.rows} ${digest.columns.join(' ')}\n`);
  }

  hex(): string {
    return this.hash.digest('hex').slice(0, 32);
  }
}
