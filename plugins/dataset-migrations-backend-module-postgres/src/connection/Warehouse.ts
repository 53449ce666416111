import { LoggerService } from '@backstage/backend-plugin-api';
import {
  Client,
  Pool,
  PoolClient,
  PoolConfig,
  QueryResult,
  QueryResultRow,
} from 'pg';
import { Statement } from './prepared';
import { isCancelled } from './sqlState';
import { Session, TransactionOptions } from './Session';
import { sessionSettings } from './sessionSettings';
import { literal } from './sql';
import { withoutValues } from './StatementError';
import { isConnectionLost, unavailable } from './unavailable';

/** Running statements are cancelled from it, so no work may keep it busy. */
export const CONTROL_CONNECTIONS = 1;
/** How long a server waits for a worker that stopped inside a transaction. */
const IDLE_IN_TRANSACTION_TIMEOUT = '30s';

export type PoolMaker = (config: PoolConfig) => Pool;

/**
 * One of the operator's connections: a pool for the work, and a small one that
 * is never busy with it, from which running statements are cancelled.
 */
export class Warehouse {
  readonly #pool: Pool;
  readonly #control: Pool;
  readonly #logger: LoggerService;
  readonly #prepares: boolean;

  constructor(
    readonly name: string,
    connection: PoolConfig,
    options: {
      /** Of both pools. */
      maxConnections: number;
      connectTimeoutSeconds: number;
      /** Whether the server, or what is between, keeps statements. Default true. */
      preparedStatements?: boolean;
      logger: LoggerService;
      makePool?: PoolMaker;
    },
  ) {
    const makePool = options.makePool ?? (config => new Pool(config));
    this.#logger = options.logger;
    this.#prepares = options.preparedStatements ?? true;
    // Idle connections do not keep a process from ending.
    const shared: PoolConfig = {
      ...connection,
      allowExitOnIdle: true,
      Client: clientWithTimeout(connection, options.connectTimeoutSeconds),
    };
    const forWork = options.maxConnections - CONTROL_CONNECTIONS;
    this.#pool = this.#watch(makePool({ ...shared, max: forWork }));
    this.#control = this.#watch(
      makePool({ ...shared, max: CONTROL_CONNECTIONS }),
    );
  }

  /** See {@link Session}, whose `query` this has as well. */
  get database(): object {
    return this;
  }

  async query<T extends QueryResultRow = QueryResultRow>(
    statement: Statement,
    values: unknown[] = [],
    options: { signal?: AbortSignal } = {},
  ): Promise<T[]> {
    return this.transaction({ readOnly: true, ...options }, session =>
      session.query<T>(statement, values),
    );
  }

  /**
   * Runs `work` in one transaction and commits it; rolls back when it throws.
   * An abort cancels the running statement on the server.
   */
  async transaction<T>(
    options: TransactionOptions,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    const { signal } = options;
    signal?.throwIfAborted();
    const client = await this.#connect(this.#pool);
    let cancelling: Promise<void> | undefined;
    const cancel = () => {
      cancelling ??= this.cancelBackend(client);
    };
    let broken = false;
    try {
      signal?.addEventListener('abort', cancel, { once: true });
      const session = this.#sessionOf(client, signal);
      await this.#begin(client, options);
      const result = await work(session);
      signal?.throwIfAborted();
      // From here on the outcome is the server's: a cancel would leave it open.
      signal?.removeEventListener('abort', cancel);
      await this.#ask(client, 'COMMIT');
      return result;
    } catch (error) {
      await cancelling;
      // A cancel that comes late must not hit whoever has the connection next.
      broken = cancelling !== undefined;
      await client.query('ROLLBACK').catch(() => {
        broken = true;
      });
      if (signal?.aborted && isCancelled(error)) {
        throw signal.reason;
      }
      throw error;
    } finally {
      signal?.removeEventListener('abort', cancel);
      client.release(broken);
    }
  }

  /** Runs one statement outside the work's pool: to cancel or end a session. */
  async control<T extends QueryResultRow = QueryResultRow>(
    text: string,
    values: unknown[] = [],
  ): Promise<T[]> {
    const client = await this.#connect(this.#control);
    let broken = true;
    try {
      const { rows } = await this.#ask<T>(client, text, values);
      broken = false;
      return rows;
    } finally {
      client.release(broken);
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#pool.end(), this.#control.end()]);
  }

  private async cancelBackend(client: PoolClient): Promise<void> {
    const { processID } = client as unknown as { processID: number };
    try {
      await this.control('SELECT pg_cancel_backend($1)', [processID]);
    } catch (error) {
      this.#logger.warn(
        `A statement on ${this.name} could not be cancelled: ${error}`,
      );
    }
  }

  /** @throws ServiceUnavailableError */
  async #connect(pool: Pool): Promise<PoolClient> {
    try {
      return await pool.connect();
    } catch (error) {
      throw this.#unavailable(error);
    }
  }

  #sessionOf(client: PoolClient, signal?: AbortSignal): Session {
    return {
      database: this,
      query: async (statement, values) => {
        signal?.throwIfAborted();
        return (await this.#ask<any>(client, statement, values)).rows;
      },
      execute: async (statement, values) => {
        signal?.throwIfAborted();
        return (await this.#ask(client, statement, values)).rowCount ?? 0;
      },
    };
  }

  /** The only place where statements reach the driver, and its errors us. */
  async #ask<T extends QueryResultRow>(
    client: PoolClient,
    statement: Statement,
    values?: unknown[],
  ): Promise<QueryResult<T>> {
    try {
      return await client.query<T>(this.#asked(statement), values);
    } catch (error) {
      throw isConnectionLost(error)
        ? this.#unavailable(error)
        : withoutValues(error);
    }
  }

  #asked(statement: Statement): Statement {
    return typeof statement === 'string' || this.#prepares
      ? statement
      : statement.text;
  }

  async #begin(client: PoolClient, options: TransactionOptions) {
    const isolation = options.isolation ?? 'read committed';
    const access = options.readOnly ? 'READ ONLY' : 'READ WRITE';
    const settings = Object.entries({
      ...sessionSettings,
      statement_timeout: '0',
      idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT,
      ...options.settings,
    });
    const calls = settings.map(
      ([name, value]) =>
        `set_config(${literal(name)}, ${literal(value)}, true)`,
    );
    // One request: most transactions have only one or two statements more.
    await this.#ask(
      client,
      `BEGIN ISOLATION LEVEL ${isolation.toLocaleUpperCase('en-US')} ${access};
       SELECT ${calls.join(', ')}`,
    );
  }

  /** The driver's words, which say where the server is, are for the log alone. */
  #unavailable(error: unknown): Error {
    const said = unavailable(this.name, error);
    // One for each address that a name has.
    const causes = error instanceof AggregateError ? error.errors : [error];
    this.#logger.warn(`${said.message} (${causes.join(', ')})`);
    return said;
  }

  #watch(pool: Pool): Pool {
    // Without listeners a connection that the server closes ends the process;
    // whoever uses it learns of it from its next query.
    pool.on('error', error =>
      this.#logger.debug(`Connection to ${this.name} lost: ${error.message}`),
    );
    pool.on('connect', client => {
      client.on('error', () => {});
    });
    return pool;
  }
}

/**
 * The timeout of the pool itself would also end the wait for a connection that
 * is in use, and chunks may take their time; this one is for making it alone.
 */
function clientWithTimeout(connection: PoolConfig, seconds: number) {
  return class extends Client {
    constructor() {
      super({ ...connection, connectionTimeoutMillis: seconds * 1000 });
    }
  };
}
