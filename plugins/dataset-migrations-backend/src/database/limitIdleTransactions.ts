import { Knex } from 'knex';
import pg from 'pg';

/** Seconds that a transaction may stand still between two of its statements. */
const IDLE_SECONDS = 15;

/**
 * Lets PostgreSQL end a transaction whose process stands still: one that is
 * paused keeps its connection, and with it locks that others would wait for as
 * long as it sleeps. Applies to connections that are made from now on.
 */
export function limitIdleTransactions(
  knex: Knex,
  seconds = IDLE_SECONDS,
): void {
  const { client } = knex;
  const acquire: () => Promise<pg.Client> =
    client.acquireRawConnection.bind(client);
  client.acquireRawConnection = async () => {
    const connection = await acquire();
    await connection.query(
      `SET idle_in_transaction_session_timeout = '${seconds}s'`,
    );
    return connection;
  };
}

/** How often a transaction says that its process is alive, in milliseconds. */
const SIGN_MS = 5_000;

/**
 * Does something that takes its time while a transaction only holds locks for
 * it, which would else look as if its process stood still.
 */
export async function keepingAlive<T>(
  trx: Knex.Transaction,
  work: () => Promise<T>,
  signMs = SIGN_MS,
): Promise<T> {
  const timer = setInterval(() => {
    // A connection that broke shows at the next statement, or at the end.
    trx.raw('SELECT').catch(() => {});
  }, signMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
