import { createHash } from 'crypto';
import { ROW } from '../formats/Format';
import { Query } from '../process/Session';
import { ident } from '../sql/quote';

/** The number of rows of a slice, and a digest of its rows. */
export interface SliceDigest {
  rows: number;
  /** A hexadecimal digit for four of its bits. */
  digest: string;
  /** How many rows meet each of the conditions asked for. */
  counts: number[];
}

/** Bits of a row's hash, and so of a digest. */
export type ChecksumBits = 64 | 128;

/** What the two halves of a digest begin and end with, SQL. */
const HALVES = [
  { seed: [], finish: [] },
  { seed: ['7919'], finish: ['104729'] },
];

/** Types that DuckDB hashes into 64 bits without taking two values for one. */
const HASHED_APART =
  /^((TINY|SMALL|BIG)INT|INTEGER|BOOLEAN|FLOAT|DOUBLE|DATE|TIME|TIMESTAMP|TIMESTAMP WITH TIME ZONE|DECIMAL\((\d|1[0-8]),\d+\))$/;

/**
 * SQL that folds values into a digest. Each is hashed together with the position
 * of its row, so that two rows cannot exchange one; and hashed once more before
 * it is folded, as DuckDB combines hashes by XOR, under which an exchange would
 * cancel out. Folding by XOR is as good as a sum here, and faster: what makes
 * pairs cancel is equal rows, and no two rows have one position. It needs no
 * order and no memory.
 */
function fold(values: string[], half: number): string {
  const { seed, finish } = HALVES[half];
  const row = `hash(${[...seed, ident(ROW), ...values].join(', ')})`;
  const hashed = `hash(${[row, ...finish].join(', ')})`;
  return `CAST(coalesce(bit_xor(${hashed}), 0) AS VARCHAR)`;
}

/**
 * The values of each half. Two texts of one hash would be equal in both,
 * whatever these begin with, so the second half hashes another text of each.
 */
async function valuesOfHalves(
  query: Query,
  { values, rows }: Side,
  bits: ChecksumBits,
): Promise<string[][]> {
  if (bits === 64) {
    return [values];
  }
  const columns = values.map((sql, index) => `${sql} AS v${index}`);
  const described = await query(
    `DESCRIBE SELECT ${columns.join(', ')} FROM ${rows}`,
  );
  return [
    values,
    values.map((sql, index) =>
      HASHED_APART.test(String(described[index].column_type))
        ? sql
        : `'s' || CAST(${sql} AS VARCHAR)`,
    ),
  ];
}

function hexOf(halves: unknown[]): string {
  return halves
    .map(half => BigInt(String(half)).toString(16).padStart(16, '0'))
    .join('');
}

/** The digest of a slice without rows. */
export function digestOfNothing(bits: ChecksumBits): SliceDigest {
  return { rows: 0, digest: '0'.repeat(bits / 4), counts: [] };
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
  side: Side,
  bits: ChecksumBits,
  conditions: string[] = [],
): Promise<SliceDigest> {
  const halves = await valuesOfHalves(query, side, bits);
  const [result] = await query(
    `SELECT ${[
      'count(*) AS n',
      ...halves.map((values, half) => `${fold(values, half)} AS h${half}`),
      ...conditions.map(
        (condition, index) =>
          `count(*) FILTER (WHERE ${condition}) AS c${index}`,
      ),
    ].join(', ')} FROM ${side.rows}`,
  );
  return {
    rows: Number(result.n),
    digest: hexOf(halves.map((_, half) => result[`h${half}`])),
    counts: conditions.map((_, index) => Number(result[`c${index}`])),
  };
}

/** Digests each column of a slice, to find those that differ. */
export async function digestColumns(
  query: Query,
  side: Side,
  bits: ChecksumBits,
): Promise<string[]> {
  const halves = await valuesOfHalves(query, side, bits);
  const folds = halves.flatMap((values, half) =>
    values.map((sql, index) => `${fold([sql], half)} AS h${half}_${index}`),
  );
  const [result] = await query(`SELECT ${folds.join(', ')} FROM ${side.rows}`);
  return side.values.map((_, index) =>
    hexOf(halves.map((_half, half) => result[`h${half}_${index}`])),
  );
}

/**
 * One text for a whole dataset, slice by slice. It has no more digits than the
 * digests of the slices, as it tells no more apart.
 */
export class Checksum {
  private readonly hash = createHash('sha256');

  constructor(private readonly bits: ChecksumBits) {}

  add({ rows, digest }: Pick<SliceDigest, 'rows' | 'digest'>): void {
    this.hash.update(`${rows} ${digest}\n`);
  }

  hex(): string {
    return this.hash.digest('hex').slice(0, this.bits / 4);
  }
}
