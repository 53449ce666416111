import { ConflictError } from '@backstage/errors';
import { logFunction } from '../control/changeLog';
import { fencedTransaction } from '../control/fences';
import { readRun, writeRun } from '../control/runs';
import { literal, runAll } from '../connection/sql';
import { Session } from '../connection/Session';
import { isConstraintViolation, isDataException } from '../connection/sqlState';
import { preflight } from '../preflight';
import { RunContext } from '../RunContext';
import { bringBackSome, logAllKeys, WayBack } from '../sync/wayBack';
import { fingerprint } from '../table/fingerprint';
import { targetFlag } from '../control/flags';
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
  const { run } = context;
  await logEveryWrite(context, way);
  for (let moved = Infinity; moved >= FEW; ) {
    moved = await fencedTransaction(
      context,
      { settings: { synchronous_commit: 'off' } },
      async session => {
        const stored = await readRun(session, run.migrationId, {
          forUpdate: true,
        });
        return stored?.phase === 'cut-over'
          ? bringBackSome(session, context, way, BATCH)
          : 0;
      },
    );
  }
}

/**
 * Brings the last writes back, in a transaction that keeps writers out.
 *
 * @returns false when there are more than it should hold the lock for
 */
export async function bringBackUnderLock(
  session: Session,
  context: RunContext,
  way: WayBack,
): Promise<boolean> {
  return (await bringBackSome(session, context, way, FEW)) < FEW;
}

/**
 * From now on a key is logged each time, so that entries can be claimed: who
 * began to write before counts on those that are there, and is waited for. What
 * went past the triggers, TRUNCATE and whatever else replaces the table's file,
 * may have changed any row: so all keys of both versions are logged.
 */
async function logEveryWrite(context: RunContext, way: WayBack): Promise<void> {
  const { run, live } = context;
  const flag = targetFlag(way.state);
  await withTableLock(context, async session => {
    await session.query(`LOCK TABLE ${live} IN SHARE ROW EXCLUSIVE MODE`);
    await session.query(logFunction(flag, way.key, { once: false }));
    const { file } = await fingerprint(session, live);
    const stored = (await readRun(session, run.migrationId, {
      forUpdate: true,
    }))!;
    const { published } = stored.state;
    if (stored.phase === 'cut-over' && published.file !== file) {
      await session.query(logAllKeys(context, way));
      await runAll(session, [
        `DELETE FROM skein.writes WHERE flag = ${literal(flag)}`,
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
  { run, place, warehouse }: RunContext,
  { inverse, state }: WayBack,
  error: unknown,
): Promise<unknown> {
  if (!isDataException(error) && !isConstraintViolation(error)) {
    return error;
  }
  const { findings } = await warehouse.transaction(
    { signal: run.signal, readOnly: true },
    session =>
      preflight(session, {
        place,
        mapping: inverse,
        columns: state.made,
        samples: 0,
      }),
  );
  const reasons = findings.map(({ message }) => message);
  return new ConflictError(
    `What was written to version ${run.toVersion} of ${
      run.location.display
    } does not fit version ${run.fromVersion}: ${
      reasons.join('; ') || (error as Error).message
    }`,
  );
}
