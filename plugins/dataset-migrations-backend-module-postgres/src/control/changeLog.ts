import { ident } from '../connection/sql';
import { Session } from '../connection/Session';
import { Queryable } from '../table/readTable';

/** What the log of a flag is made of, quoted, in the schema `skein`. */
export function logNames(flag: string): { table: string; function: string } {
  return { table: ident(`changes_${flag}`), function: ident(`log_${flag}`) };
}

/** Columns of a log: `k0`, `k1`, ... in the order of the key. */
export function logColumns(key: ReadonlyArray<unknown>): string[] {
  return key.map((_, index) => `k${index}`);
}

/** A column by which rows are told apart. */
export interface KeyColumn {
  name: string;
  /** As `format_type` prints it. */
  type: string;
}

/**
 * The statements that make a log of keys: a table, and the function that a row
 * trigger calls. It notes which rows were written, not what to: whoever reads
 * the log looks at the row as it is then, so the order of its entries does not
 * matter, and reading one twice changes nothing. An entry commits with the
 * write that it speaks of.
 */
export function changeLogStatements(
  flag: string,
  key: ReadonlyArray<KeyColumn>,
  options: { once: boolean },
): string[] {
  const names = logNames(flag);
  const columns = logColumns(key);
  return [
    `CREATE TABLE skein.${names.table} (${key
      .map(({ type }, index) => `${columns[index]} ${type} NOT NULL`)
      .join(', ')})`,
    ...(options.once
      ? [`CREATE INDEX ON skein.${names.table} (${columns.join(', ')})`]
      : []),
    logFunction(flag, key, options),
    `REVOKE ALL ON FUNCTION skein.${names.function}() FROM PUBLIC`,
  ];
}

/**
 * The function of a log, new or in the place of the one there.
 *
 * @param options.once - a key that is in the log is not logged again. Nothing
 *   may be claimed from such a log: a writer that has seen an entry counts on
 *   its being there when it commits
 */
export function logFunction(
  flag: string,
  key: ReadonlyArray<KeyColumn>,
  options: { once: boolean },
): string {
  const names = logNames(flag);
  const values = (row: string) =>
    key.map(column => `${row}.${ident(column.name)}`);
  const log = (row: string) => {
    const same = logColumns(key).map(
      (column, index) => `${column} = ${values(row)[index]}`,
    );
    const unseen = ` WHERE NOT EXISTS (SELECT FROM skein.${
      names.table
    } WHERE ${same.join(' AND ')})`;
    return `INSERT INTO skein.${names.table} SELECT ${values(row).join(', ')}${
      options.once ? unseen : ''
    };`;
  };
  const [before, after] = ['OLD', 'NEW'].map(
    row => `ROW(${values(row).join(', ')})`,
  );
  return `CREATE OR REPLACE FUNCTION skein.${names.function}() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
    BEGIN
      IF TG_OP <> 'INSERT' THEN ${log('OLD')} END IF;
      IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND ${after} IS DISTINCT FROM ${before}) THEN ${log(
    'NEW',
  )} END IF;
      RETURN NULL;
    END $body$`;
}

/**
 * Takes entries off the log, which come back when the transaction rolls back.
 *
 * @returns each key once, as one array of texts per column, and how many
 *   entries there were
 */
export async function claimChanges(
  session: Session,
  flag: string,
  key: ReadonlyArray<unknown>,
  limit: number,
): Promise<{ keys: string[][]; entries: number }> {
  const { table } = logNames(flag);
  const columns = logColumns(key);
  const [claimed] = await session.query(
    `WITH claimed AS (
       DELETE FROM skein.${table} WHERE ctid = ANY (ARRAY(SELECT ctid FROM skein.${table} LIMIT $1)) RETURNING *
     ), keys AS (SELECT DISTINCT ${columns
       .map(column => `${column}::text AS ${column}`)
       .join(', ')} FROM claimed)
     SELECT (SELECT count(*) FROM claimed) AS entries, ${columns
       .map(column => `coalesce(array_agg(${column}), '{}') AS ${column}`)
       .join(', ')} FROM keys`,
    [limit],
  );
  return {
    keys: columns.map(column => claimed[column]),
    entries: Number(claimed.entries),
  };
}

/** How many entries wait, counted up to a limit. */
export async function countChanges(
  session: Queryable,
  flag: string,
  limit: number = 1_000_000,
): Promise<number> {
  const [row] = await session.query(
    `SELECT count(*) AS entries FROM (SELECT FROM skein.${
      logNames(flag).table
    } LIMIT $1) AS waiting`,
    [limit],
  );
  return Number(row.entries);
}
