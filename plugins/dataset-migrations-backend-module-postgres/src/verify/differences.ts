import { VerificationMismatch } from '@skein/backstage-plugin-dataset-migrations-common';
import { Session } from '../connection/Session';
import { finished, hashed } from './digest';
import { condense } from './ranges';
import { ComparedColumn, Relation } from './relations';

/** The two sides of a comparison, and what identifies a row in both. */
export interface Comparison {
  source: Relation;
  target: Relation;
  columns: ComparedColumn[];
  /** Indexes of the columns of the key; empty where rows have no identity. */
  key: number[];
}

/** Rows are looked at in so many groups first, by a hash of their key. */
const BUCKETS = 1_024;

/** Differing rows that are read at most; ranges of more are open-ended. */
const MAX_ROWS = 10_000;

/**
 * Names the columns and the key ranges in which two sides differ. Goes through
 * both twice: to find the buckets of keys that differ, then for the rows in
 * them, so that the second pass sorts little.
 */
export async function findDifferences(
  session: Session,
  comparison: Comparison,
): Promise<VerificationMismatch[]> {
  return comparison.key.length > 0
    ? byKey(session, comparison)
    : byColumn(session, comparison);
}

async function byKey(
  session: Session,
  { source, target, columns, key }: Comparison,
): Promise<VerificationMismatch[]> {
  const keys = key.map(index => `v${index}`);
  const hashes = columns.map((column, index) =>
    finished(`ROW(${[...keys, hashed(column, index)].join(', ')})`, 0, 1),
  );
  const bucket = `(${finished(`ROW(${keys.join(', ')})`, 0, 3)} & ${
    BUCKETS - 1
  })`;
  const buckets = await differing(session, {
    sides: [source, target].map(
      relation =>
        `SELECT ${bucket} AS k0, count(*) AS n, ${sums(
          hashes,
        )} FROM (${relation}) AS rows GROUP BY 1`,
    ),
    keys: 1,
    columns: columns.length,
    limit: BUCKETS,
  });
  const rows = await differing(session, {
    sides: [source, target].map(
      relation =>
        `SELECT ${keys
          .map((name, index) => `${name} AS k${index}`)
          .join(', ')}, count(*) AS n, ${sums(hashes)}
         FROM (${relation}) AS rows WHERE ${bucket} = ANY ('{${buckets.map(
          ({ keys: [number] }) => number,
        )}}') GROUP BY ${keys.join(', ')}`,
    ),
    keys: keys.length,
    columns: columns.length,
    limit: MAX_ROWS,
  });
  const title = key.map(index => columns[index].field.name).join(', ');
  const range = (found: DifferingRow[]) =>
    condense(
      title,
      found.map(row => row.keys),
    );
  const missing = rows.filter(row => row.target < row.source);
  const surplus = rows.filter(row => row.target > row.source);
  return [
    ...ofRows(missing, 'missing from the new version', range),
    ...ofRows(surplus, 'in the new version that should not be there', range),
    ...columns.flatMap(({ field }, index) => {
      const found = rows.filter(
        row => row.source === row.target && row.columns[index],
      );
      return found.length === 0
        ? []
        : [
            {
              column: field.name,
              ranges: range(found),
              message: `${field.name} differs in ${atLeast(
                found.length,
              )} row(s)`,
            },
          ];
    }),
  ];
}

function ofRows(
  found: DifferingRow[],
  where: string,
  range: (rows: DifferingRow[]) => string[],
): VerificationMismatch[] {
  if (found.length === 0) {
    return [];
  }
  const count = found.reduce(
    (sum, row) => sum + Math.abs(row.source - row.target),
    0,
  );
  return [
    {
      ranges: range(found),
      message: `${atLeast(count)} row(s) ${where}`,
    },
  ];
}

function atLeast(count: number): string {
  return count >= MAX_ROWS ? `at least ${count}` : `${count}`;
}

interface DifferingRow {
  keys: string[];
  source: number;
  target: number;
  columns: boolean[];
}

/** Groups that differ between the sides, in the order of their keys. */
async function differing(
  session: Session,
  query: {
    sides: string[];
    keys: number;
    columns: number;
    limit: number;
  },
): Promise<DifferingRow[]> {
  const keys = Array.from({ length: query.keys }, (_, index) => `k${index}`);
  const columns = Array.from({ length: query.columns }, (_, i) => `h${i}`);
  const either = (name: string) => `coalesce(s.${name}, t.${name})`;
  const found = await session.query(
    `WITH s AS (${query.sides[0]}), t AS (${query.sides[1]})
     SELECT ${keys.map(key => `${either(key)}::text AS ${key}`).join(', ')},
       coalesce(s.n, 0) AS sn, coalesce(t.n, 0) AS tn,
       ${columns
         .map(name => `s.${name} IS DISTINCT FROM t.${name} AS ${name}`)
         .join(', ')}
     FROM s FULL JOIN t ON ${keys
       .map(key => `s.${key} = t.${key}`)
       .join(' AND ')}
     WHERE s.n IS DISTINCT FROM t.n OR ${columns
       .map(name => `s.${name} IS DISTINCT FROM t.${name}`)
       .join(' OR ')}
     ORDER BY ${keys.map(either).join(', ')} LIMIT ${query.limit}`,
  );
  return found.map(row => ({
    keys: keys.map(key => row[key]),
    source: Number(row.sn),
    target: Number(row.tn),
    columns: columns.map(name => row[name]),
  }));
}

/**
 * Without a key a value can only be told to be somewhere in its column, and an
 * exchange of values between rows only that it happened.
 */
async function byColumn(
  session: Session,
  { source, target, columns }: Comparison,
): Promise<VerificationMismatch[]> {
  const sumsOf = (relation: Relation) =>
    session.query(
      `SELECT count(*) AS n, ${sums(
        columns.map((column, index) =>
          finished(`ROW(${hashed(column, index)})`, 0, 1),
        ),
      )} FROM (${relation}) AS rows`,
    );
  const [[s], [t]] = [await sumsOf(source), await sumsOf(target)];
  const ranges = ['all rows: the table has no key to tell them by'];
  const found: VerificationMismatch[] = columns.flatMap(({ field }, index) =>
    s[`h${index}`] === t[`h${index}`]
      ? []
      : [
          {
            column: field.name,
            ranges,
            message: `${field.name} holds other values`,
          },
        ],
  );
  if (s.n !== t.n) {
    found.unshift({
      ranges,
      message: `${t.n} row(s) in the new version instead of ${s.n}`,
    });
  }
  return found.length > 0
    ? found
    : [{ ranges, message: 'Rows have exchanged values with each other' }];
}

function sums(hashes: string[]): string {
  return hashes.map((hash, index) => `sum(${hash}) AS h${index}`).join(', ');
}
