import {
  CatchUpResult,
  EngineRun,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { assertNothingLost } from '../publishing/sourceFiles';
import { arrivedFiles, bringOver } from './bringOver';
import { openJournal, openRun, recordOf } from './openRun';

/** Files that one call brings over, at most. */
const AT_ONCE = 8;

/**
 * Brings files over that came since the run was prepared, once everything that
 * was there is copied. A change is a file here.
 *
 * @throws SourceChangedError when a file that was read was written or removed:
 *   that cannot be caught up with, and what follows would be in vain
 */
export async function catchUp(
  context: EngineContext,
  run: EngineRun,
): Promise<CatchUpResult> {
  const open = await openRun(context, run);
  const { place, log } = open;
  const manifest = await log.hold(run.fence);
  if (recordOf(manifest, run)) {
    return { changes: 0, changesWaiting: 0 };
  }
  const journal = await openJournal(context, open, run);
  await assertNothingLost(place, manifest, journal.plan.source);
  const arrived = await arrivedFiles(open, manifest, journal);
  if (!(await journal.isCopied())) {
    return { changes: 0, changesWaiting: arrived.length };
  }
  const now = arrived.slice(0, AT_ONCE);
  const waiting = await bringOver(context, open, run, journal, now);
  return {
    changes: now.length - waiting.length,
    changesWaiting: arrived.length - now.length + waiting.length,
  };
}
