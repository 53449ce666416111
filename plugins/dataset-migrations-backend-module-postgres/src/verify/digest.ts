import { Session } from '../connection/Session';
import { Relation } from './relations';

/** Number of rows, and 128 bits that do not depend on their order. */
export interface Digest {
  rows: number;
  /** Hexadecimal. */
  checksum: string;
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
 */
export async function digestOf(
  session: Session,
  relation: Relation,
  columns: number,
): Promise<Digest> {
  const row = `ROW(${names(columns).join(', ')})`;
  const sums = HALVES.map(
    ({ seed, finish }, index) =>
      `sum(${finished(row, seed, finish)}) AS half${index}`,
  );
  const [found] = await session.query(
    `SELECT count(*) AS rows, ${sums.join(', ')} FROM (${relation}) AS rows`,
  );
  return {
    rows: Number(found.rows),
    checksum: HALVES.map((_, index) => toHex(found[`half${index}`])).join(''),
  };
}

/** SQL of the hash of a row that may be summed. */
export function finished(row: string, seed: number, finish: number): string {
  return `hashint8extended(hash_record_extended(${row}, ${seed}), ${finish})`;
}

export function names(columns: number): string[] {
  return Array.from({ length: columns }, (_, index) => `v${index}`);
}

/** A sum modulo 2^64; that of no rows is 0. */
function toHex(sum: string | null): string {
  return BigInt.asUintN(64, BigInt(sum ?? 0))
    .toString(16)
    .padStart(16, '0');
}
