import { Knex } from 'knex';

/**
 * Whether a transaction, and those around it, committed. Returns once they are
 * over; not for one that is rolled back by a call instead of an error, which knex
 * does not tell from one that committed.
 */
export async function committed(trx: Knex.Transaction): Promise<boolean> {
  try {
    let each: Knex.Transaction | undefined = trx;
    while (each) {
      await each.executionPromise;
      each = each.parentTransaction;
    }
    return true;
  } catch {
    return false;
  }
}
