import { ResultRow } from './DuckDbProcess';

/** Runs one statement; rejects with the signal's reason when it is aborted. */
export type Query = (sql: string) => Promise<ResultRow[]>;

/** A DuckDB process lent for one step. */
export interface Session {
  query: Query;
  /** A folder that the process reaches, for what is staged and not kept. */
  temp: string;
  signal: AbortSignal;
  /** Of the process, for messages and tests. */
  pid: number;
}
