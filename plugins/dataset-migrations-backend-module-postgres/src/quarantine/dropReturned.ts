import { ConflictError } from '@backstage/errors';
import { isLockConflict } from '../connection/sqlState';
import { fencedTransaction } from '../control/fences';
import { readRun } from '../control/runs';
import { RunContext } from '../RunContext';
import { dropQuarantine } from './quarantineTable';

/** Whoever wants to read it meanwhile waits behind. */
const PATIENCE = '2s';

/**
 * Drops the quarantine of a run that was rolled back, if it is still there: the
 * old version has its rows, whatever was done to them in quarantine. Never in
 * the transaction that switches, as a reader of it would hold that up.
 *
 * @throws ConflictError when somebody reads it
 */
export async function dropReturned(context: RunContext): Promise<void> {
  const { run } = context;
  try {
    await fencedTransaction(
      context,
      { settings: { lock_timeout: PATIENCE } },
      async session => {
        const stored = await readRun(session, run.migrationId);
        if (stored?.phase === 'rolled-back') {
          const { quarantine } = stored.state;
          await dropQuarantine(session, run.migrationId, quarantine);
        }
      },
    );
  } catch (error) {
    if (!isLockConflict(error)) {
      throw error;
    }
    throw new ConflictError(
      `The quarantine of ${run.location.display} was in use and is still there; somebody holds it in a long transaction`,
    );
  }
}
