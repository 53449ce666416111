import { literal } from './quote';

/** How text of ours is told from DuckDB's own messages. */
export const FAILURE_MARK = 'skein: ';

/** Longest value that a message shows, in characters. */
const SHOWN = 60;

/**
 * Makes SQL for one statement: names what is used twice, and fails rows.
 */
export class Scope {
  private names = 0;

  /**
   * Uses a value more than once while it is computed once. A lambda over a list
   * of one keeps what CASE promises: a branch that is not taken does not run.
   */
  let(sql: string, body: (name: string) => string): string {
    if (isLeaf(sql)) {
      return body(sql);
    }
    this.names += 1;
    const name = `v${this.names}`;
    return `list_transform([${sql}], lambda ${name}: ${body(name)})[1]`;
  }

  /**
   * An expression of a type that fails when it is evaluated. A cast that cannot
   * succeed, since `error()` cannot stand inside TRY.
   *
   * @param value - SQL of a value for the message, of any type
   */
  fail(message: string, type: string, value?: string): string {
    const text = literal(`${FAILURE_MARK}${message}`);
    const shown =
      value === undefined
        ? text
        : `${text} || ' "' || left(CAST(${value} AS VARCHAR), ${SHOWN}) || '"'`;
    return `CAST(CAST((${shown}) AS TINYINT) AS ${type})`;
  }
}

/** Names and literals, which cost nothing to repeat. */
function isLeaf(sql: string): boolean {
  return /^("([^"]|"")*"|v\d+|'([^']|'')*'|NULL|TRUE|FALSE)$/.test(sql);
}

/**
 * Takes the message of {@link Scope.fail} out of DuckDB's, and drops the
 * statement that DuckDB quotes and its hints for who wrote it.
 */
export function readFailure(message: string): string {
  const own = new RegExp(
    `Could not convert string '${FAILURE_MARK}(.*)' to INT8`,
    's',
  ).exec(message);
  return own ? own[1] : message.split(/\n\nLINE |\nPossible fixes/)[0];
}
