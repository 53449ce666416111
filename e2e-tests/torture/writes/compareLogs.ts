import pg from 'pg';
import { describe, KEYS_PER_WRITER, Writer } from './Writer';

/** The version that nobody wrote, of the rows below zero. */
export interface Untouched {
  rows: number;
  /** Of `amount` and `entry`, which both versions have. */
  digest: string;
}

const untouchedSql = (table: string) =>
  `SELECT count(*)::int AS rows, coalesce(sum(hashtextextended(id || ' ' || amount || ' ' || entry, 7)), 0)::text AS digest
   FROM ${table} WHERE id < 0`;

export async function lookAtUntouched(
  client: pg.Client,
  table: string,
): Promise<Untouched> {
  const { rows } = await client.query(untouchedSql(table));
  return rows[0];
}

/**
 * Compares a version with the logs of its writers, row by row: every
 * acknowledged write is there exactly once, and nothing else is.
 *
 * @returns what is wrong, in sentences
 */
export async function compareLogs(
  client: pg.Client,
  table: string,
  options: { writers: Writer[]; untouched: Untouched },
): Promise<string[]> {
  const { writers, untouched } = options;
  const wrong: string[] = [];
  const { rows } = await client.query(
    `SELECT id::int AS id, amount::int AS amount, entry FROM ${table} WHERE id > 0`,
  );
  const found = new Map<number, string>();
  let doubled = 0;
  for (const row of rows) {
    if (found.has(row.id)) doubled += 1;
    found.set(row.id, describe(row));
  }
  for (const writer of writers) {
    const log = await writer.settled();
    const lost = [...log].filter(
      ([id, row]) => (found.get(id) ?? 'gone') !== describe(row),
    );
    if (lost.length) {
      const [[id, row]] = lost;
      wrong.push(
        `${lost.length} rows of writer ${
          writer.number
        } are not as acknowledged in ${table}: row ${id} is ${
          found.get(id) ?? 'gone'
        } instead of ${describe(row)}`,
      );
    }
  }
  const known = new Set(writers.map(({ number }) => number));
  const strange = [...found.keys()].filter(
    id => !known.has(Math.floor((id - 1) / KEYS_PER_WRITER)),
  ).length;
  if (strange) wrong.push(`${strange} rows in ${table} are nobody's`);
  if (doubled) wrong.push(`${doubled} rows are in ${table} more than once`);
  const now = await lookAtUntouched(client, table);
  if (now.rows !== untouched.rows || now.digest !== untouched.digest) {
    wrong.push(`the rows that nobody wrote changed in ${table}`);
  }
  return wrong;
}
