import { FAILURE_MARK } from '../process/cleanMessage';
import { literal } from './quote';

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
   * @param message - of the kind of failure; values of rows are not told (G11)
   */
  fail(message: string, type: string): string {
    const text = literal(`${FAILURE_MARK}${message}`);
    return `CAST(CAST(${text} AS TINYINT) AS ${type})`;
  }
}

/** Names and literals, which cost nothing to repeat. */
function isLeaf(sql: string): boolean {
  return /^("([^"]|"")*"|v\d+|'([^']|'')*'|NULL|TRUE|FALSE)$/.test(sql);
}
