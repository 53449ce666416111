import { RunPhase } from '@skein/backstage-plugin-dataset-migrations-node';
import { fencedTransaction } from '../control/fences';
import { readRun, RunState } from '../control/runs';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';

/**
 * Runs `work` in a fenced transaction that holds the run, if that is still in a
 * phase. A crash of the server may take it back, as a whole.
 *
 * @returns undefined when the run is in another phase
 */
export async function inPhase<T>(
  context: RunContext,
  phase: RunPhase,
  work: (session: Session, state: RunState) => Promise<T>,
): Promise<T | undefined> {
  return fencedTransaction(
    context,
    { settings: { synchronous_commit: 'off' } },
    async session => {
      const stored = await readRun(session, context.run.migrationId, {
        forUpdate: true,
      });
      return stored?.phase === phase ? work(session, stored.state) : undefined;
    },
  );
}
