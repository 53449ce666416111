import { Queryable } from '../table/readTable';
import { Relation } from './relations';

/** Number of rows, and sums of their hashes, which do not depend on their order. */
export interface Digest {
  rows: number;
  sums: bigint[];
}

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
 * @param values - parameters of the relations
 * @returns a digest for each relation, all as of one moment
 */
export async function digestsOf(
  session: Queryable,
  relations: Relation[],
  columns: number,
  values: unknown[] = [],
): Promise<Digest[]> {
  const row = `ROW(${names(columns).join(', ')})`;
  const sums = HALVES.map(
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
      sums: HALVES.map((_half, number) => BigInt(digest[`half${number}`] ?? 0)),
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

export function names(columns: number): string[] {
  return Array.from({ length: columns }, (_, index) => `v${index}`);
}
