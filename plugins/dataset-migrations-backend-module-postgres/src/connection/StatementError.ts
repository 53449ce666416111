import { DatabaseError } from 'pg';
import { sqlStateOf } from './sqlState';

/**
 * Classes of SQLSTATE whose messages speak of the server, the schema or the
 * statement, which is ours, and never of rows. See "PostgreSQL Error Codes",
 * appendix A of its manual.
 */
const withoutRows =
  /^(08|0A|25|26|28|2B|2D|34|3B|3D|3F|40|42|53|54|55|57|58|F0|HV)/;

/** What went wrong with a row, where PostgreSQL's own words quote its value. */
const conditions: Record<string, string> = {
  '22001': 'a text is too long',
  '22003': 'a number is out of range',
  '22007': 'a date or time is not written as one',
  '22008': 'a date or time is out of range',
  '22009': 'a time zone is out of range',
  '22012': 'division by zero',
  '22021': 'a text has characters that the encoding lacks',
  '22023': 'an argument of a function is out of range',
  '22P02': 'a value is not written as its type is',
  '22P05': 'a text has characters that the encoding lacks',
  '23502': 'a required value is missing',
  '23503': 'a foreign key has nothing to point to',
  '23505': 'a key occurs twice',
  '23514': 'a check constraint is violated',
  '23P01': 'an exclusion constraint is violated',
  P0001: 'a function or trigger of the database refused it',
};

/**
 * A statement that PostgreSQL refused. Its message is kept with the migration
 * and readable by more people than the rows are, so it says what is wrong and
 * with which column or constraint, and no value (G11): the driver's message,
 * detail and context, which quote values, go no further than this.
 */
export class StatementError extends Error {
  readonly name = 'StatementError';
  /** SQLSTATE. */
  readonly code: string;

  constructor(error: DatabaseError & { code: string }) {
    super(withoutRows.test(error.code) ? error.message : describe(error));
    this.code = error.code;
  }
}

/** Errors of statements without what they quote; all others as they are. */
export function withoutValues(error: unknown): unknown {
  return sqlStateOf(error) && !(error instanceof StatementError)
    ? new StatementError(error as DatabaseError & { code: string })
    : error;
}

function describe(error: DatabaseError & { code: string }): string {
  const { code, table, column, constraint } = error;
  const names = [
    column && `column ${column}`,
    constraint && `constraint ${constraint}`,
    table && `table ${table}`,
  ].filter(Boolean);
  const where = names.length > 0 ? ` (${names.join(', ')})` : '';
  return `${conditions[code] ?? 'a row is refused'}${where}, SQLSTATE ${code}`;
}
