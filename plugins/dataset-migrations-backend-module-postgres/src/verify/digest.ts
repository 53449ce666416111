import { Queryable } from '../table/readTable';
import { kindOfColumn } from '../emit/types';
import { ComparedColumn, Relation } from './relations';

/** Number of rows, and sums of their hashes, which do not depend on their order. */
export interface Digest {
  rows: number;
  sums: bigint[];
}

/** Bits of a row's hash, and so of a checksum. */
export type ChecksumBits = 64 | 128;

/** The seeds of the two halves, and of the two functions that finish them. */
const HALVES = [
  { seed: 0, finish: 1 },
  { seed: 7_919, finish: 104_729 },
];

/**
 * Hashes each row and sums the hashes. The hash of a record is linear in those
 * of its fields, so a sum of it would not notice two rows exchanging a value:
 * it is finished by a second, non-linear hash before it is summed.
 *
 * @param options.bits - 64 by default; the first half of the hash
 * @param options.values - parameters of the relations
 * @returns a digest for each relation, all as of one moment
 */
export async function digestsOf(
  session: Queryable,
  relations: Relation[],
  columns: ComparedColumn[],
  options: { bits?: ChecksumBits; values?: unknown[] } = {},
): Promise<Digest[]> {
  const { bits = 64, values = [] } = options;
  const halves = HALVES.slice(0, bits / 64);
  const row = `ROW(${columns.map(hashed).join(', ')})`;
  const sums = halves.map(
    ({ seed, finish }, index) =>
      `sum(${finished(row, seed, finish)}) AS half${index}`,
  );
  const found = await session.query(
    relations
      .map(
        (relation, index) =>
          `SELECT ${index} AS side, count(*) AS rows, ${sums.join(
            ', ',
          )} FROM (${relation}) AS rows`,
      )
      .join(' UNION ALL '),
    values,
  );
  return relations.map((_, index) => {
    const digest = found.find(({ side }) => side === index)!;
    return {
      rows: Number(digest.rows),
      sums: halves.map((_half, number) => BigInt(digest[`half${number}`] ?? 0)),
    };
  });
}

/** The digest of the rows of one relation that are not in another, part of it. */
export function without(whole: Digest, part: Digest): Digest {
  return {
    rows: whole.rows - part.rows,
    sums: whole.sums.map((sum, index) => sum - part.sums[index]),
  };
}

export function sameDigest(a: Digest, b: Digest): boolean {
  return a.rows === b.rows && checksumOf(a) === checksumOf(b);
}

/** Hexadecimal. Sums are modulo 2^64; that of no rows is 0. */
export function checksumOf({ sums }: Digest): string {
  return sums
    .map(sum => BigInt.asUintN(64, sum).toString(16).padStart(16, '0'))
    .join('');
}

/** SQL of the hash of a row that may be summed. */
export function finished(row: string, seed: number, finish: number): string {
  return `hashint8extended(hash_record_extended(${row}, ${seed}), ${finish})`;
}

/**
 * What of a column goes into the hash of its row. PostgreSQL's hash of a number
 * leaves its sign out.
 */
export function hashed({ type }: ComparedColumn, index: number): string {
  const value = `v${index}`;
  return kindOfColumn(type) === 'decimal' ? `${value}, ${value} < 0` : value;
}
