import { DatabaseError } from 'pg';

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

/** What a server or proxy means that sends no code. */
const INTERNAL_ERROR = 'XX000';

/**
 * A statement that PostgreSQL refused. Its message is kept with the migration
 * and readable by more people than the rows are, so it says what is wrong and
 * with which column or constraint, and no value (G11): the driver's message,
 * detail and context, which quote values, go no further than this.
 */
export class StatementError extends Error {
  readonly name = 'StatementError';
  /** SQLSTATE; see "PostgreSQL Error Codes", appendix A of its manual. */
  readonly code: string;

  constructor(error: DatabaseError) {
    const code = error.code ?? INTERNAL_ERROR;
    super(withoutRows.test(code) ? error.message : describe(error, code));
    this.code = code;
  }
}

/**
 * Errors of statements without what they quote; all others as they are. The
 * codes of the operating system can look like a SQLSTATE (EPIPE), so only what
 * the server itself said is one.
 */
export function withoutValues(error: unknown): unknown {
  return error instanceof DatabaseError ? new StatementError(error) : error;
}

function describe(error: DatabaseError, code: string): string {
  const { table, column, constraint } = error;
  const names = [
    column && `column ${column}`,
    constraint && `constraint ${constraint}`,
    table && `table ${table}`,
  ].filter(Boolean);
  const where = names.length > 0 ? ` (${names.join(', ')})` : '';
  return `${conditions[code] ?? 'a row is refused'}${where}, SQLSTATE ${code}`;
}
