import { createHash } from 'crypto';
import { ROW } from '../formats/Format';
import { Query } from '../process/Session';
import { ident } from '../sql/quote';

/** The number of rows of a slice, and a digest of 64 bits as text. */
export interface SliceDigest {
  rows: number;
  digest: string;
  /** How many rows meet each of the conditions asked for. */
  counts: number[];
}

/**
 * SQL that folds values into a digest. Each is hashed together with the position
 * of its row, so that two rows cannot exchange one; and hashed once more before
 * it is folded, as DuckDB combines hashes by XOR, under which an exchange would
 * cancel out. Folding by XOR is as good as a sum here, and faster: what makes
 * pairs cancel is equal rows, and no two rows have one position. It needs no
 * order and no memory.
 */
function fold(values: string[]): string {
  const hashed = `hash(hash(${[ident(ROW), ...values].join(', ')}))`;
  return `CAST(coalesce(bit_xor(${hashed}), 0) AS VARCHAR)`;
}

/** Columns of a slice: SQL of their values, and what stands after FROM. */
export interface Side {
  values: string[];
  rows: string;
}

/**
 * Digests a slice as a whole.
 *
 * @param conditions - SQL of what is counted in the same scan
 */
export async function digestSlice(
  query: Query,
  { values, rows }: Side,
  conditions: string[] = [],
): Promise<SliceDigest> {
  const counts = conditions.map(
    (condition, index) => `, count(*) FILTER (WHERE ${condition}) AS c${index}`,
  );
  const [result] = await query(
    `SELECT count(*) AS n, ${fold(values)} AS digest${counts.join(
      '',
    )} FROM ${rows}`,
  );
  return {
    rows: Number(result.n),
    digest: String(result.digest),
    counts: conditions.map((_, index) => Number(result[`c${index}`])),
  };
}

/** Digests each column of a slice, to find those that differ. */
export async function digestColumns(
  query: Query,
  { values, rows }: Side,
): Promise<string[]> {
  const folds = values.map((sql, index) => `${fold([sql])} AS d${index}`);
  const [result] = await query(`SELECT ${folds.join(', ')} FROM ${rows}`);
  return values.map((_, index) => String(result[`d${index}`]));
}

/** One text of 32 hexadecimal digits for a whole dataset, slice by slice. */
export class Checksum {
  private readonly hash = createHash('sha256');

  add({ rows, digest }: Pick<SliceDigest, 'rows' | 'digest'>): void {
    this.hash.update(`${rows} ${digest}\n`);
  }

  hex(): string {
    return this.hash.digest('hex').slice(0, 32);
  }
}
