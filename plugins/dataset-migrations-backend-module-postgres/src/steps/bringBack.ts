import { ConflictError } from '@backstage/errors';
import { logFunction } from '../control/changeLog';
import { readRun, writeRun } from '../control/runs';
import { forgetStatements } from '../control/writeFlags';
import { runAll } from '../connection/sql';
import { Session } from '../connection/Session';
import { isConstraintViolation, isDataException } from '../connection/sqlState';
import { RunContext } from '../RunContext';
import { bringBackSome, logAllKeys, WayBack } from '../sync/wayBack';
import { fingerprint } from '../table/fingerprint';
import { targetFlag } from '../control/flags';
import { misfits } from './explainFailure';
import { inPhase } from './inPhase';
import { requireInForce, requireSameTarget } from './targetChanges';
import { withTableLock } from './tableLock';

/** Entries of the log that go back in one transaction. */
const BATCH = 5_000;

/** So few that they can go back under the lock of the roll back. */
const FEW = 2_000;

/**
 * Brings what was written to the new version back into the kept old one, until
 * so little is left that the rest can go back under a lock.
 */
export async function bringBack(
  context: RunContext,
  way: WayBack,
): Promise<void> {
  await logEveryWrite(context, way);
  await bringBackWaiting(context, way);
}

/** As {@link bringBack}, when every write is logged already. */
export async function bringBackWaiting(
  context: RunContext,
  way: WayBack,
): Promise<void> {
  let moved: number | undefined;
  do {
    moved = await inPhase(context, 'cut-over', session =>
      bringBackSome(session, context, way, BATCH),
    );
  } while (moved !== undefined && moved >= FEW);
}

/**
 * Brings the last writes back, in a transaction that keeps writers out.
 *
 * @returns how many, and whether those are all: there may be more than it
 *   should hold the lock for
 */
export async function bringBackUnderLock(
  session: Session,
  context: RunContext,
  way: WayBack,
): Promise<{ moved: number; all: boolean }> {
  const moved = await bringBackSome(session, context, way, FEW);
  return { moved, all: moved < FEW };
}

/**
 * From now on a key is logged each time, so that entries can be claimed: who
 * began to write before counts on those that are there, and is waited for. What
 * went past the triggers, TRUNCATE and whatever else replaces the table's file,
 * may have changed any row: so all keys of both versions are logged.
 *
 * @throws ConflictError when the new version was migrated again or altered: the
 *   roll back would be refused for that once everything is back, and a partition
 *   that was made since is a reason for rows not to fit that says nothing
 */
async function logEveryWrite(context: RunContext, way: WayBack): Promise<void> {
  const { run, live } = context;
  const flag = targetFlag(way.state);
  await withTableLock(context, async session => {
    await session.query(`LOCK TABLE ${live} IN SHARE ROW EXCLUSIVE MODE`);
    await session.query(logFunction(flag, way.key, { once: false }));
    const found = await fingerprint(session, live);
    const { file } = found;
    const stored = (await readRun(session, run.migrationId, {
      forUpdate: true,
    }))!;
    const { published } = stored.state;
    if (stored.phase === 'cut-over') {
      await requireInForce(session, context, stored);
      await requireSameTarget(session, context, stored.state, {
        ...found,
        file: published.file,
      });
    }
    if (stored.phase === 'cut-over' && published.file !== file) {
      await runAll(session, [
        ...forgetStatements({ flag }),
        logAllKeys(context, way),
      ]);
      await writeRun(session, run.migrationId, {
        ...stored,
        state: { ...stored.state, published: { ...published, file } },
      });
    }
  });
}

/**
 * Turns what PostgreSQL says about a row that does not fit the old version into
 * a sentence on the fields and the number of rows; any other error stays as it
 * is. Looks at all rows, so nothing may be locked.
 */
export async function explainMisfit(
  context: RunContext,
  { inverse, state }: WayBack,
  error: unknown,
): Promise<unknown> {
  if (!isDataException(error) && !isConstraintViolation(error)) {
    return error;
  }
  const { run } = context;
  const reasons = await misfits(context, {
    mapping: inverse,
    columns: state.made,
  });
  return new ConflictError(
    `What was written to version ${run.toVersion} of ${
      run.location.display
    } does not fit version ${run.fromVersion}: ${
      reasons.join('; ') || (error as Error).message
    }`,
  );
}
