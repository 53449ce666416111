import { QueryResultRow } from 'pg';
import { Statement } from './prepared';

/** One connection inside one transaction. */
export interface Session {
  /** The database, the same for all sessions of one of the operator's connections. */
  readonly database: object;

  query<T extends QueryResultRow = QueryResultRow>(
    statement: Statement,
    values?: unknown[],
  ): Promise<T[]>;

  /** @returns the number of rows that the statement wrote */
  execute(statement: Statement, values?: unknown[]): Promise<number>;
}

/** What a connection is set to for the length of one transaction. */
export interface TransactionOptions {
  /** Cancels the running statement; the transaction throws `signal.reason`. */
  signal?: AbortSignal;
  isolation?: 'read committed' | 'repeatable read';
  readOnly?: boolean;
  /** Settings of PostgreSQL, by name, as `SET LOCAL` takes them. */
  settings?: Record<string, string>;
}
