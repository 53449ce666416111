import { Knex } from 'knex';
import { keepingAlive } from '../database/limitIdleTransactions';

/**
 * Rejects when the lock was lost: its connection broke, or this process stood
 * still for so long that PostgreSQL gave the lock to others.
 */
export type AssertHeld = () => Promise<void>;

/**
 * Does something unless another process is doing it. The lock is a
 * transaction's, so it never outlives its process or its connection. Who takes
 * long asks now and then whether it is still held, before anything that two must
 * not do at a time.
 */
export async function exclusively(
  knex: Knex,
  what: string,
  step: (assertHeld: AssertHeld) => Promise<void>,
): Promise<void> {
  await knex.transaction(async trx => {
    const { rows } = await trx.raw(
      `SELECT pg_try_advisory_xact_lock(hashtextextended(?, 0)) AS free`,
      [`dataset-migrations:campaigns:${what}`],
    );
    if (rows[0].free) {
      await keepingAlive(trx, () =>
        step(async () => void (await trx.raw('SELECT'))),
      );
    }
  });
}
