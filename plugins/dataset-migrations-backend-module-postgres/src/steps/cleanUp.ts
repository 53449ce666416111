import { ConflictError } from '@backstage/errors';
import { readRun, writeRun } from '../control/runs';
import { stopWatchingWrites } from '../control/writeFlags';
import { dropReturned } from '../quarantine/dropReturned';
import { RunContext } from '../RunContext';
import { dropVersions } from '../shadow/dropVersions';
import { dropSchema } from '../shadow/schemas';
import { targetFlag } from '../control/flags';
import { withTableLock } from './tableLock';

/**
 * Removes the kept old version, and the watch for writes that a roll back would
 * have asked. Rows that were set aside stay: there is no other copy of them any
 * more, and their owner decides when they go. After a roll back there is: what
 * that had to leave of them goes.
 */
export async function cleanUp(context: RunContext): Promise<void> {
  const { run, kept, old } = context;
  await withTableLock(context, async session => {
    const stored = await readRun(session, run.migrationId, {
      forUpdate: true,
    });
    if (stored?.phase === 'cleaned-up' || stored?.phase === 'rolled-back') {
      return;
    }
    const beside = stored?.phase === 'cut-over' && run.policy === 'coexist';
    if (
      beside ||
      !(stored?.phase === 'cut-over' || stored?.phase === 'retired')
    ) {
      throw new ConflictError(
        beside
          ? `Version ${run.fromVersion} of ${run.location.display} still stands beside ${run.toVersion}; retire it first`
          : `The migration ${run.migrationId} is ${
              stored?.phase ?? 'not prepared'
            }; it keeps no old version`,
      );
    }
    await stopWatchingWrites(session, targetFlag(stored.state));
    await dropVersions(session, [kept]);
    await dropSchema(session, old);
    await writeRun(session, run.migrationId, {
      ...stored,
      phase: 'cleaned-up',
    });
  });
  await dropReturned(context);
}
