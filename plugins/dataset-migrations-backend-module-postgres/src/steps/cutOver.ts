import { ConflictError } from '@backstage/errors';
import { readRun, RunState, StoredRun, writeRun } from '../control/runs';
import { readVersions, writeVersions } from '../control/versions';
import { stopWatchingWrites, watchWrites } from '../control/writeFlags';
import { ident } from '../connection/sql';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { replaceTable } from '../shadow/replaceTable';
import { createSchema, dropSchema } from '../shadow/schemas';
import { IDENTITY_INDEX } from '../shadow/finishStatements';
import { joinVersions } from '../sync/joinVersions';
import { wayBackOf } from '../sync/wayBack';
import {
  createVersionView,
  dropVersionView,
  hasVersionView,
} from '../shadow/versionViews';
import { fingerprint } from '../table/fingerprint';
import { readTable } from '../table/readTable';
import { catchUpUnderLock, converge } from './catchUp';
import { explainFailure } from './explainFailure';
import { alterLive, publishBeside } from './inPlace';
import {
  newObstacles,
  refuseObstacles,
  requireUnchangedSource,
  sourceFlag,
  targetFlag,
} from './sourceChanges';
import { withTableLock } from './tableLock';

/** Times that the lock is given back to bring more over without it. */
const RETREATS = 20;

/**
 * Switches in one transaction, under a lock that keeps readers and writers out
 * for milliseconds: the last writes, the check that none is missing, the switch,
 * the recorded version and the run's phase stand or fall together.
 *
 * @throws ConflictError when applications write faster than their writes can be
 *   brought over
 */
export async function cutOver(context: RunContext): Promise<void> {
  for (let retreat = 0; retreat < RETREATS; retreat += 1) {
    await converge(context);
    if (await switchVersions(context).catch(refuse(context))) {
      return;
    }
  }
  throw new ConflictError(
    `${context.run.location.display} is written faster than its writes can be brought over; nothing was switched. Retry when it is written less.`,
  );
}

/** What the rows of the last writes are refused for. */
function refuse(context: RunContext) {
  return async (error: unknown) => {
    const { warehouse, run } = context;
    const stored = await readRun(warehouse, run.migrationId);
    throw stored ? await explainFailure(context, stored.state, error) : error;
  };
}

/** @returns false when too much was left to be done under the lock */
async function switchVersions(context: RunContext): Promise<boolean> {
  const { run, live } = context;
  return withTableLock(context, async session => {
    const stored = await readRun(session, run.migrationId, {
      forUpdate: true,
    });
    if (stored?.phase === 'cut-over' || stored?.phase === 'retired') {
      return true;
    }
    requireComplete(context, stored);
    await session.query(`LOCK TABLE ${live} IN ACCESS EXCLUSIVE MODE`);
    if (!(await catchUpUnderLock(session, context, stored.state))) {
      return false;
    }
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
    return true;
  });
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
  refuseObstacles(context, await newObstacles(session, context, state));
  await requireUnchangedSource(session, context, state);
  const names = coexists
    ? await publishShadow(session, context, state)
    : await switchToShadow(session, context, state);
  const published = coexists ? context.shadow : context.live;
  return { ...names, published: await fingerprint(session, published) };
}

/** The old version keeps the table's name; each shows what the other is written. */
async function publishShadow(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<Partial<RunState>> {
  const { run, live, shadow } = context;
  const both = await joinVersions(session, context, state);
  await createVersionView(session, context, {
    version: run.fromVersion,
    table: live,
    writable: true,
  });
  await createVersionView(session, context, {
    version: run.toVersion,
    table: shadow,
    writable: both.writable,
  });
  return both.state;
}

async function switchToShadow(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<Partial<RunState>> {
  const { next, old, place, shadow } = context;
  await stopWatchingWrites(session, sourceFlag(state));
  await session.query(`DROP INDEX IF EXISTS ${ident(next)}.${IDENTITY_INDEX}`);
  await watchWrites(session, {
    table: shadow,
    flag: targetFlag(state),
    key: wayBackOf(context, state)?.key,
    once: true,
  });
  const names = await dropOldName(session, context);
  const { owner } = (await readTable(session, place))!;
  await createSchema(session, old, owner);
  await replaceTable(session, context, {
    incoming: next,
    aside: old,
    sequences: state.sequences,
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
