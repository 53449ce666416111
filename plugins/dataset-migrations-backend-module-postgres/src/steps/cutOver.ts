import { ConflictError } from '@backstage/errors';
import { validateCarried } from '../carry/validateCarried';
import { runAll } from '../connection/sql';
import { readRun, RunState, StoredRun, writeRun } from '../control/runs';
import { readVersions, writeVersions } from '../control/versions';
import { stopWatchingWrites, watchWrites } from '../control/writeFlags';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { replaceTable } from '../shadow/replaceTable';
import { createSchema, dropSchema } from '../shadow/schemas';
import {
  createVersionView,
  dropVersionView,
  hasVersionView,
} from '../shadow/versionViews';
import { fingerprint } from '../table/fingerprint';
import { readTable } from '../table/readTable';
import { alterLive, publishBeside } from './inPlace';
import {
  requireUnchangedSource,
  sourceFlag,
  targetFlag,
} from './sourceChanges';
import { withTableLock } from './tableLock';

/**
 * Switches in one transaction, under a lock that keeps readers and writers out
 * for milliseconds: the check that nothing was written, the switch, the
 * recorded version and the run's phase stand or fall together.
 */
export async function cutOver(context: RunContext): Promise<void> {
  const { run, live } = context;
  await withTableLock(context, async session => {
    const stored = await readRun(session, run.migrationId, {
      forUpdate: true,
    });
    if (stored?.phase === 'cut-over' || stored?.phase === 'retired') {
      return;
    }
    requireComplete(context, stored);
    if (run.policy === 'switch') {
      await runAll(session, stored.state.carried.old.lock);
    }
    await session.query(`LOCK TABLE ${live} IN ACCESS EXCLUSIVE MODE`);
    const versionBefore = await readVersions(session, live);
    const changes = await publish(session, context, stored);
    await writeRun(session, run.migrationId, {
      ...stored,
      phase: 'cut-over',
      state: { ...stored.state, versionBefore, ...changes },
    });
    await writeVersions(session, live, {
      currentVersion: run.toVersion,
      coexistingVersion: run.policy === 'coexist' ? run.fromVersion : undefined,
      migrationId: run.migrationId,
    });
  });
  await validateCarried(context, 'new');
}

function requireComplete(
  { run }: RunContext,
  stored: StoredRun | undefined,
): asserts stored is StoredRun {
  if (stored?.phase !== 'copied') {
    throw new ConflictError(
      `The migration ${run.migrationId} is ${
        stored?.phase ?? 'not prepared'
      }; only what is complete can be switched to`,
    );
  }
}

/** @returns what a roll back will need to know */
async function publish(
  session: Session,
  context: RunContext,
  { state }: StoredRun,
): Promise<Partial<RunState>> {
  const coexists = context.run.policy === 'coexist';
  if (state.strategy === 'metadata-only') {
    return coexists
      ? publishBeside(session, context)
      : {
          ...(await dropOldName(session, context)),
          ...(await alterLive(session, context)),
        };
  }
  await requireUnchangedSource(session, context, state);
  await watchWrites(session, context.shadow, targetFlag(state));
  const names = coexists
    ? await publishShadow(session, context)
    : await switchToShadow(session, context, state);
  const published = coexists ? context.shadow : context.live;
  return { ...names, published: await fingerprint(session, published) };
}

/** The old version keeps the table's name; writes to it are noted on. */
async function publishShadow(
  session: Session,
  context: RunContext,
): Promise<Partial<RunState>> {
  const { run, live, shadow } = context;
  await createVersionView(session, context, {
    version: run.fromVersion,
    table: live,
  });
  await createVersionView(session, context, {
    version: run.toVersion,
    table: shadow,
  });
  return {};
}

async function switchToShadow(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<Partial<RunState>> {
  const { next, old, place } = context;
  await stopWatchingWrites(session, sourceFlag(state));
  const names = await dropOldName(session, context);
  const { owner } = (await readTable(session, place))!;
  await createSchema(session, old, owner);
  await replaceTable(session, context, {
    incoming: next,
    aside: old,
    sequences: state.sequences,
    leaving: state.carried.old,
    entering: state.carried.new,
  });
  await dropSchema(session, next);
  return names;
}

/** The name of the old version must not show data that nobody updates. */
async function dropOldName(
  session: Session,
  context: RunContext,
): Promise<Pick<RunState, 'hadVersionView'>> {
  const { fromVersion } = context.run;
  const hadVersionView = await hasVersionView(session, context, fromVersion);
  await dropVersionView(session, context, fromVersion);
  return { hadVersionView };
}
