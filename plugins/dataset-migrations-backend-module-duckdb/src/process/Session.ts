import { OnProgress, ResultRow } from './DuckDbProcess';

/** Runs one statement; rejects with the signal's reason when it is aborted. */
export type Query = (
  sql: string,
  onProgress?: OnProgress,
) => Promise<ResultRow[]>;

/**
 * How a process shares its threads out: all of them to one statement, or one to
 * each of as many statements. The latter is faster by a fifth for statements
 * that write a file, as nobody waits for his turn to keep the order of rows.
 * `alone` is one statement with one thread, which needs the least memory: DuckDB
 * holds a row group for each thread. `metadata` is one thread too, in a process that
 * others use for the same at the same time: none of them needs much of it, and each
 * process takes 95 MB before it has read anything.
 */
export type Sharing = 'one-statement' | 'lanes' | 'alone' | 'metadata';

/** A DuckDB process lent for one step. */
export interface Session {
  query: Query;
  /** How many statements it runs at a time. */
  lanes: number;
  /** A folder that the process reaches, for what is staged and not kept. */
  temp: string;
  signal: AbortSignal;
  /** Of the process, for messages and tests. */
  pid: number;
}
