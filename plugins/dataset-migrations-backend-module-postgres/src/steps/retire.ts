import { ConflictError } from '@backstage/errors';
import { validateCarried } from '../carry/validateCarried';
import { readRun, StoredRun, writeRun } from '../control/runs';
import { writeVersions } from '../control/versions';
import { ident, runAll } from '../connection/sql';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { IDENTITY_INDEX } from '../shadow/finishStatements';
import { replaceTable } from '../shadow/replaceTable';
import { createSchema, dropSchema, ownerOf } from '../shadow/schemas';
import { dropVersionView } from '../shadow/versionViews';
import { OldSnapshots } from '../snapshots/OldSnapshots';
import { partVersions } from '../sync/joinVersions';
import { retireInPlace } from './inPlace';
import { changeOfSource, newObstacles } from './sourceChanges';
import { lockVersions, withTableLock } from './tableLock';

/**
 * After `coexist`: the new version takes the table's name, the old one goes,
 * in one transaction. The new version keeps its own name, too.
 *
 * @throws ConflictError when the old version was written since the new one was
 *   published beside it, as that would be lost
 */
export async function retire(context: RunContext): Promise<void> {
  const { run, live, warehouse } = context;
  const before = await readRun(warehouse, run.migrationId);
  await new OldSnapshots(context, {
    matter:
      before?.phase === 'cut-over' && before.state.strategy === 'shadow-copy',
  }).pass();
  await withTableLock(context, async session => {
    const stored = await readRun(session, run.migrationId, {
      forUpdate: true,
    });
    if (stored?.phase === 'retired' || stored?.phase === 'cleaned-up') {
      return;
    }
    if (stored?.phase !== 'cut-over' || run.policy !== 'coexist') {
      throw new ConflictError(
        `The migration ${run.migrationId} has no old version beside the new one to retire`,
      );
    }
    await runAll(session, stored.state.carried.old.lock);
    await lockVersions(session, context, stored);
    if (stored.state.strategy === 'metadata-only') {
      await retireInPlace(session, context);
    } else {
      await replaceOld(session, context, stored);
    }
    await writeVersions(session, live, {
      currentVersion: run.toVersion,
      migrationId: run.migrationId,
    });
    await writeRun(session, run.migrationId, { ...stored, phase: 'retired' });
  });
  await validateCarried(context, 'new');
}

async function replaceOld(
  session: Session,
  context: RunContext,
  { state }: StoredRun,
): Promise<void> {
  const { run, next, old, kept, live } = context;
  const change = await changeOfSource(session, context, state);
  const obstacles = change ? await newObstacles(session, context, state) : [];
  if (obstacles.length > 0) {
    throw new ConflictError(
      `Version ${run.fromVersion} of ${
        run.location.display
      } cannot be retired yet. ${obstacles.join(' ')}`,
    );
  }
  if (change) {
    throw new ConflictError(
      `Version ${run.fromVersion} of ${run.location.display} ${change} since ${run.toVersion} was published beside it; retiring it would lose that. Roll back and migrate again.`,
    );
  }
  await partVersions(session, context, state);
  await session.query(`DROP INDEX IF EXISTS ${ident(next)}.${IDENTITY_INDEX}`);
  await dropVersionView(session, context, run.fromVersion);
  await createSchema(session, old, await ownerOf(session, live));
  await replaceTable(session, context, {
    incoming: next,
    aside: old,
    sequences: state.sequences,
    leaving: state.carried.old,
    entering: state.carried.new,
  });
  await session.query(`DROP TABLE ${kept}`);
  await dropSchema(session, old);
  await dropSchema(session, next);
}
