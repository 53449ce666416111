import { ConflictError } from '@backstage/errors';
import { setTimeout as wait } from 'timers/promises';
import { fencedTransaction } from '../control/fences';
import { isLockConflict } from '../connection/sqlState';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';

/**
 * How long a request for a lock may stand in the queue, as everybody who comes
 * after it waits behind it: less than a blink at first, longer when nothing is
 * got so.
 */
const SHORTEST_WAIT_MS = 20;
const LONGEST_WAIT_MS = 300;
const PATIENT_AFTER = 60;
const ATTEMPTS = 200;
const LONGEST_PAUSE_MS = 1_000;

/**
 * Runs `work` in a fenced transaction that asks for locks of the live table
 * briefly and often rather than once and for long. It is durable when this
 * returns, and gives its locks back before: nobody waits for the disk because
 * of it. Whoever writes in between makes it durable with the own commit.
 *
 * @throws ConflictError when the table was busy all the time
 */
export async function withTableLock<T>(
  context: RunContext,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const result = await lockBriefly(context, work);
  await context.warehouse.transaction(
    { settings: { synchronous_commit: 'on' } },
    // Only a transaction with an id writes a commit, up to which all is flushed.
    session => session.query('SELECT pg_current_xact_id()'),
  );
  return result;
}

async function lockBriefly<T>(
  context: RunContext,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { run } = context;
  for (let attempt = 1; ; attempt += 1) {
    const patience =
      attempt > PATIENT_AFTER ? LONGEST_WAIT_MS : SHORTEST_WAIT_MS;
    try {
      return await fencedTransaction(
        context,
        {
          settings: {
            lock_timeout: `${patience}ms`,
            synchronous_commit: 'off',
          },
        },
        work,
      );
    } catch (error) {
      if (!isLockConflict(error)) {
        throw error;
      }
      if (attempt === ATTEMPTS) {
        throw new ConflictError(
          `${run.location.display} was in use all the time; somebody holds it in a long transaction`,
        );
      }
      run.logger.debug(
        `Waiting for the lock of ${run.location.display}, attempt ${attempt}`,
      );
      const pause = Math.min(20 * 2 ** Math.min(attempt, 10), LONGEST_PAUSE_MS);
      await wait(pause * (0.5 + Math.random() / 2), undefined, {
        signal: run.signal,
      });
    }
  }
}
