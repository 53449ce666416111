import { ConflictError } from '@backstage/errors';
import { readRun } from '../control/runs';
import { RunContext } from '../RunContext';
import { discardPrepared } from './discard';
import { withTableLock } from './tableLock';

/** Removes shadow, watch and run, as if the migration had never been prepared. */
export async function abandon(context: RunContext): Promise<void> {
  const { run } = context;
  await withTableLock(context, async session => {
    const stored = await readRun(session, run.migrationId, {
      forUpdate: true,
    });
    switch (stored?.phase) {
      case 'prepared':
      case 'copied':
        await discardPrepared(session, context, { others: false });
        return;
      case 'cut-over':
      case 'retired':
        throw new ConflictError(
          `The migration ${run.migrationId} is switched already; roll it back instead`,
        );
      default:
    }
  });
}
