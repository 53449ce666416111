import {
  Field,
  VerificationMismatch,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { ROW } from '../formats/Format';
import { Query } from '../process/Session';
import { spell } from '../relations/spell';
import { ident } from '../sql/quote';
import { ComparedColumn } from './compared';
import { joinPositions, limitRanges, nameRange } from './ranges';
import { primaryKey } from './uniqueKeys';

/** Rows that are fetched to name ranges, at most. */
const FETCHED = 10_000;

/** Both sides of a slice whose digests differ. */
export interface DifferingSlice {
  /** For people: `part-00003.parquet`. */
  title: string;
  columns: ComparedColumn[];
  source: { rows: number; sql: string };
  target: { rows: number; sql: string };
}

/**
 * Finds the rows that make two digests differ, and names them by column and
 * key, or by column and position where there is no key.
 */
export async function findDifferences(
  query: Query,
  slice: DifferingSlice,
  differing: ComparedColumn[],
): Promise<VerificationMismatch[]> {
  return slice.source.rows === slice.target.rows
    ? comparePositions(query, slice, differing)
    : compareRows(query, slice);
}

/** The same number of rows: row by row, in their order. */
async function comparePositions(
  query: Query,
  slice: DifferingSlice,
  differing: ComparedColumn[],
): Promise<VerificationMismatch[]> {
  const key = primaryKey(slice.columns.map(({ field }) => field));
  const mismatches: VerificationMismatch[] = [];
  for (const column of differing) {
    const both = `${side(slice, 'source', [column], key)} AS s JOIN ${side(
      slice,
      'target',
      [column],
      [],
    )} AS t ON s.r = t.r WHERE s.v0 IS DISTINCT FROM t.v0`;
    const [{ n }] = await query(`SELECT count(*) AS n FROM ${both}`);
    const rows = await query(
      `SELECT s.r AS r, s.k AS k FROM ${both} ORDER BY s.r LIMIT ${FETCHED}`,
    );
    const keys = new Map(rows.map(row => [Number(row.r), String(row.k)]));
    const ranges = joinPositions([...keys.keys()]).map(({ first, last }) =>
      key.length > 0
        ? nameRange(keyName(key), keys.get(first)!, keys.get(last)!)
        : nameRange(`${slice.title}, row`, String(first), String(last)),
    );
    mismatches.push({
      column: column.field.name,
      ranges: limitRanges(ranges),
      message: `'${column.field.name}' is not what the mapping makes of the source in ${n} row(s) of ${slice.title}`,
    });
  }
  return mismatches;
}

/** Another number of rows: which are missing, which are too many, by what they are. */
async function compareRows(
  query: Query,
  slice: DifferingSlice,
): Promise<VerificationMismatch[]> {
  const key = primaryKey(slice.columns.map(({ field }) => field));
  const identity =
    key.length > 0
      ? slice.columns.filter(({ field }) => key.includes(field))
      : slice.columns;
  const keyed = (name: 'source' | 'target', sign: 1 | -1) =>
    `SELECT hash(${identity
      .map((_, index) => `v${index}`)
      .join(', ')}) AS h, r, k, ${sign} AS n FROM ${side(
      slice,
      name,
      identity,
      key,
    )}`;
  const groups = await query(
    `SELECT sum(n) AS n, min(r) AS r, any_value(k) AS k FROM (${keyed(
      'source',
      1,
    )} UNION ALL ${keyed(
      'target',
      -1,
    )}) GROUP BY h HAVING sum(n) <> 0 ORDER BY r LIMIT ${FETCHED}`,
  );
  const name = key.length > 0 ? keyName(key) : `${slice.title}, row`;
  const named = (rows: typeof groups) =>
    limitRanges(
      rows.map(row => {
        const text = String(key.length > 0 ? row.k : row.r);
        return nameRange(name, text, text);
      }),
    );
  const missing = groups.filter(row => Number(row.n) > 0);
  const extra = groups.filter(row => Number(row.n) < 0);
  const mismatches: VerificationMismatch[] = [];
  if (missing.length > 0) {
    mismatches.push({
      ranges: named(missing),
      message: `${slice.title} lacks rows of the source`,
    });
  }
  if (extra.length > 0) {
    mismatches.push({
      ranges: named(extra),
      message: `${slice.title} has rows that the source has not, or not as often`,
    });
  }
  return mismatches;
}

function side(
  slice: DifferingSlice,
  name: 'source' | 'target',
  columns: ComparedColumn[],
  key: Field[],
): string {
  const values = columns.map((column, index) => `${column[name]} AS v${index}`);
  const keys = key.map(field => {
    const column = slice.columns.find(other => other.field === field)!;
    return spell(column[name], field.type);
  });
  const text = keys.length > 0 ? `concat_ws(', ', ${keys.join(', ')})` : 'NULL';
  return `(SELECT ${ident(ROW)} AS r, ${text} AS k, ${values.join(', ')} FROM ${
    slice[name].sql
  })`;
}

function keyName(key: Field[]): string {
  return key.map(({ name }) => name).join(', ');
}
