import { CustomErrorBase } from '@backstage/errors';

/** DuckDB's classes of errors that lie in the files or in the statement. */
const OF_DATA =
  /^(Binder|Catalog|Conversion|Invalid Input|Mismatch Type|Not implemented|Out of Range|Parser) Error: /;

/**
 * A statement that DuckDB refused or could not finish, with its message. Named
 * InputError where the next try would meet it again, unlike a full disk.
 */
export class QueryError extends CustomErrorBase {
  name: string;
  /** Whether the files or the statement are to blame. */
  readonly ofData: boolean;

  constructor(message: string) {
    super(message);
    this.ofData = OF_DATA.test(message);
    this.name = this.ofData ? 'InputError' : 'QueryError';
  }
}
