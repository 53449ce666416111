import { LoggerService } from '@backstage/backend-plugin-api';
import { Pool, PoolClient, PoolConfig, QueryResult, QueryResultRow } from 'pg';
import { isCancelled } from './sqlState';
import { Session, TransactionOptions } from './Session';
import { withoutValues } from './StatementError';

/**
 * Settings of every session, so that no value's text depends on the server's
 * or the role's defaults and no name resolves outside `pg_catalog`.
 */
const sessionSettings: Record<string, string> = {
  search_path: 'pg_catalog',
  timezone: 'UTC',
  datestyle: 'ISO, YMD',
  intervalstyle: 'iso_8601',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  xmlbinary: 'base64',
  lc_monetary: 'C',
};

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

  constructor(
    readonly name: string,
    connection: PoolConfig,
    options: {
      maxConnections: number;
      logger: LoggerService;
      makePool?: PoolMaker;
    },
  ) {
    const makePool = options.makePool ?? (config => new Pool(config));
    this.#logger = options.logger;
    // Idle connections do not keep a process from ending.
    const shared: PoolConfig = { ...connection, allowExitOnIdle: true };
    this.#pool = this.#watch(
      makePool({ ...shared, max: options.maxConnections }),
    );
    this.#control = this.#watch(makePool({ ...shared, max: 1 }));
  }

  /** How many transactions may run at once. */
  get maxConnections(): number {
    return this.#pool.options.max ?? 1;
  }

  async query<T extends QueryResultRow = QueryResultRow>(
    text: string,
    values: unknown[] = [],
    options: { signal?: AbortSignal } = {},
  ): Promise<T[]> {
    return this.transaction({ readOnly: true, ...options }, session =>
      session.query<T>(text, values),
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
    const client = await this.#pool.connect();
    let cancelling: Promise<void> | undefined;
    const cancel = () => {
      cancelling ??= this.cancelBackend(client);
    };
    let broken = false;
    try {
      signal?.addEventListener('abort', cancel, { once: true });
      const session = sessionOf(client, signal);
      await begin(client, options);
      const result = await work(session);
      signal?.throwIfAborted();
      // From here on the outcome is the server's: a cancel would leave it open.
      signal?.removeEventListener('abort', cancel);
      await ask(client, 'COMMIT');
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
    return (await ask<T>(this.#control, text, values)).rows;
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

function sessionOf(client: PoolClient, signal?: AbortSignal): Session {
  return {
    async query(text, values) {
      signal?.throwIfAborted();
      return (await ask<any>(client, text, values)).rows;
    },
    async execute(text, values) {
      signal?.throwIfAborted();
      return (await ask(client, text, values)).rowCount ?? 0;
    },
  };
}

/** The only place where statements reach the driver, and its errors us. */
async function ask<T extends QueryResultRow>(
  client: Pool | PoolClient,
  text: string,
  values?: unknown[],
): Promise<QueryResult<T>> {
  try {
    return await client.query<T>(text, values);
  } catch (error) {
    throw withoutValues(error);
  }
}

async function begin(client: PoolClient, options: TransactionOptions) {
  const isolation = options.isolation ?? 'read committed';
  const access = options.readOnly ? 'READ ONLY' : 'READ WRITE';
  await ask(
    client,
    `BEGIN ISOLATION LEVEL ${isolation.toLocaleUpperCase('en-US')} ${access}`,
  );
  const settings = Object.entries({
    ...sessionSettings,
    statement_timeout: '0',
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT,
    ...options.settings,
  });
  const calls = settings.map(
    (_, index) => `set_config($${2 * index + 1}, $${2 * index + 2}, true)`,
  );
  await ask(client, `SELECT ${calls.join(', ')}`, settings.flat());
}
