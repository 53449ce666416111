import { CustomErrorBase } from '@backstage/errors';
import { KEY } from '../config/readSettings';
import { cleanMessage } from './cleanMessage';

/** DuckDB's classes of errors that lie in the files or in the statement. */
const OF_DATA =
  /^(Binder|Catalog|Constraint|Conversion|Invalid Input|Mismatch Type|Not implemented|Out of Range|Parser) Error: /;

/** The reader has a page of every column in memory, and cannot spill it. */
const MEMORY_ADVICE = `${KEY}.memoryLimit must hold a page of every column, which some writers of Parquet make as long as the row group`;

/**
 * A statement that DuckDB refused or could not finish. Its message quotes no
 * row (G11). Named InputError where the next try would meet it again, unlike a
 * full disk.
 */
export class QueryError extends CustomErrorBase {
  name: string;

  private constructor(
    message: string,
    /** Whether the files or the statement are to blame. */
    readonly ofData: boolean,
    /** Whether less at a time might do. */
    readonly outOfMemory: boolean,
  ) {
    super(message);
    this.name = ofData ? 'InputError' : 'QueryError';
  }

  /** @param message - as DuckDB wrote it */
  static from(message: string): QueryError {
    const outOfMemory = message.startsWith('Out of Memory Error: ');
    const clean = cleanMessage(message);
    return new QueryError(
      outOfMemory ? `${clean}; ${MEMORY_ADVICE}` : clean,
      OF_DATA.test(message),
      outOfMemory,
    );
  }

  /** The same error, speaking of files by their names in a folder. */
  within(folder: string): QueryError {
    return new QueryError(
      this.message.replaceAll(`${folder}/`, ''),
      this.ofData,
      this.outOfMemory,
    );
  }
}
