import { ConflictError } from '@backstage/errors';
import { validateCarried } from '../carry/validateCarried';
import { holdFences } from '../control/fences';
import { StoredRun, writeRun } from '../control/runs';
import { writeVersions } from '../control/versions';
import { ident, runAll } from '../connection/sql';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { IDENTITY_INDEX } from '../shadow/finishStatements';
import { dropVersions } from '../shadow/dropVersions';
import { moveStatements } from '../shadow/replaceTable';
import { createSchema, dropSchema, ownerOf } from '../shadow/schemas';
import { dropVersionView } from '../shadow/versionViews';
import { OldSnapshots } from '../snapshots/OldSnapshots';
import { partVersions } from '../sync/joinVersions';
import { retireInPlace } from './inPlace';
import { changeOfSource, newObstacles } from './sourceChanges';
import { withTableLock } from './tableLock';
import { HeldRun, isCopyAmong, lockTables, readRuns } from './together';

/**
 * After `coexist`: the new version takes the table's name, the old one goes, in
 * one transaction with those of all tables that belong together. The new version
 * keeps its own name, too.
 *
 * @throws ConflictError when the old version was written since the new one was
 *   published beside it, as that would be lost
 */
export async function retire(context: RunContext): Promise<void> {
  const all = [context, ...context.together];
  await passSnapshots(all);
  await withTableLock(context, async session => {
    await holdFences(session, context.together);
    const found = await readRuns(session, all);
    if (found.every(({ stored }) => isRetired(stored))) {
      return;
    }
    const runs = found.map(({ context: one, stored }) => ({
      context: one,
      stored: requireBeside(one, stored),
    }));
    await lockTables(session, runs, 'old');
    await replaceOld(session, runs);
    for (const { context: one, stored } of runs) {
      const { run, live } = one;
      await writeVersions(session, live, {
        currentVersion: run.toVersion,
        migrationId: run.migrationId,
      });
      await writeRun(session, run.migrationId, { ...stored, phase: 'retired' });
    }
  });
  for (const one of all) {
    await validateCarried(one, 'new');
  }
}

/** Waits for those who would not see rows of the new versions. */
async function passSnapshots(all: RunContext[]): Promise<void> {
  const matter = await isCopyAmong(all, 'cut-over');
  await new OldSnapshots(all[0], { matter }).pass();
}

function isRetired(stored: StoredRun | undefined): boolean {
  return stored?.phase === 'retired' || stored?.phase === 'cleaned-up';
}

function requireBeside(
  { run }: RunContext,
  stored: StoredRun | undefined,
): StoredRun {
  if (stored?.phase !== 'cut-over' || run.policy !== 'coexist') {
    throw new ConflictError(
      `The migration ${run.migrationId} has no old version beside the new one to retire`,
    );
  }
  return stored;
}

/** With all tables locked. */
async function replaceOld(session: Session, runs: HeldRun[]): Promise<void> {
  const copies = runs.filter(
    ({ stored }) => stored.state.strategy === 'shadow-copy',
  );
  for (const { context, stored } of copies) {
    await requireUnwritten(session, context, stored);
  }
  const moves: string[] = [];
  for (const { context, stored } of copies) {
    moves.push(...(await prepareMove(session, context, stored)));
  }
  await runAll(session, [
    ...moves,
    ...copies.flatMap(({ stored }) => stored.state.carried.new.attach),
  ]);
  await dropVersions(
    session,
    copies.map(({ context }) => context.kept),
  );
  for (const { context } of copies) {
    await dropSchema(session, context.old);
    await dropSchema(session, context.next);
  }
  // When all copies have their names: see `altersFirst`.
  for (const { context, stored } of runs) {
    if (stored.state.strategy === 'metadata-only') {
      await retireInPlace(session, context);
    }
  }
}

async function requireUnwritten(
  session: Session,
  context: RunContext,
  { state }: StoredRun,
): Promise<void> {
  const { run } = context;
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
}

/** @returns the statements that put the new version in the old one's place */
async function prepareMove(
  session: Session,
  context: RunContext,
  { state }: StoredRun,
): Promise<string[]> {
  const { run, next, old, live } = context;
  await partVersions(session, context, state);
  await session.query(`DROP INDEX IF EXISTS ${ident(next)}.${IDENTITY_INDEX}`);
  await dropVersionView(session, context, run.fromVersion);
  await createSchema(session, old, await ownerOf(session, live));
  return moveStatements(context, {
    incoming: next,
    aside: old,
    sequences: state.sequences,
    leaving: state.carried.old,
    entering: state.carried.new,
  });
}
