import { ConflictError } from '@backstage/errors';
import { validateCarried } from '../carry/validateCarried';
import { holdFences } from '../control/fences';
import { readRun, RunState, StoredRun, writeRun } from '../control/runs';
import { readVersions, writeVersions } from '../control/versions';
import {
  forgetStatements,
  unwatchStatements,
  watchWrites,
} from '../control/writeFlags';
import { ident, runAll } from '../connection/sql';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { moveStatements } from '../shadow/replaceTable';
import { createSchema, ownerOf } from '../shadow/schemas';
import { IDENTITY_INDEX } from '../shadow/finishStatements';
import { prepareJoin } from '../sync/joinVersions';
import { wayBackOf } from '../sync/wayBack';
import {
  createVersionView,
  dropVersionView,
  hasVersionView,
} from '../shadow/versionViews';
import { fingerprint } from '../table/fingerprint';
import { catchUpUnderLock, converge } from './catchUp';
import { explainFailure } from './explainFailure';
import { alterLive, publishBeside } from './inPlace';
import { requireUnchangedSource } from './sourceChanges';
import { sourceFlag, targetFlag } from '../control/flags';
import { withTableLock } from './tableLock';
import {
  altersFirst,
  HeldRun,
  lockTables,
  namesOfPlaces,
  readRuns,
} from './together';

/** Times that the lock is given back to bring more over without it. */
const RETREATS = 20;

/**
 * Switches in one transaction, under a lock that keeps readers and writers out
 * for milliseconds: the last writes, the check that none is missing, the switch,
 * the recorded version and the run's phase stand or fall together, and with them
 * those of all tables that belong together.
 *
 * @throws ConflictError when applications write faster than their writes can be
 *   brought over
 */
export async function cutOver(context: RunContext): Promise<void> {
  const all = [context, ...context.together];
  for (let retreat = 0; retreat < RETREATS; retreat += 1) {
    for (const one of all) {
      await converge(one);
    }
    if (await switchVersions(all)) {
      for (const one of all) {
        await validateCarried(one, 'new');
      }
      return;
    }
  }
  throw new ConflictError(
    `${namesOfPlaces(
      all,
    )} is written faster than its writes can be brought over; nothing was switched. Retry when it is written less.`,
  );
}

/** What the rows of the last writes are refused for. */
async function refusal(context: RunContext, error: unknown): Promise<unknown> {
  const { warehouse, run } = context;
  const stored = await readRun(warehouse, run.migrationId);
  return stored ? explainFailure(context, stored.state, error) : error;
}

/** @returns false when too much was left to be done under the lock */
async function switchVersions(all: RunContext[]): Promise<boolean> {
  const [context, ...others] = all;
  let current = context;
  try {
    return await withTableLock(context, async session => {
      await holdFences(session, others);
      const runs = await readRuns(session, all);
      if (runs.every(({ stored }) => isSwitched(stored))) {
        return true;
      }
      const switching: Switching[] = [];
      for (const { context: one, stored } of runs) {
        requireComplete(one, stored);
        const publication = await preparePublication(session, one, stored);
        switching.push({ context: one, stored, publication });
      }
      await lockTables(
        session,
        switching,
        context.run.policy === 'switch' ? 'old' : undefined,
      );
      for (const { context: one, stored } of switching) {
        current = one;
        if (!(await catchUpUnderLock(session, one, stored.state))) {
          return false;
        }
      }
      await publish(session, switching);
      return true;
    });
  } catch (error) {
    throw await refusal(current, error);
  }
}

/** One of the tables that are being switched. */
interface Switching extends HeldRun {
  publication: Publication;
}

function isSwitched(stored: StoredRun | undefined): boolean {
  return stored?.phase === 'cut-over' || stored?.phase === 'retired';
}

/** With all tables locked; see {@link Publication} for the order. */
async function publish(
  session: Session,
  switching: Switching[],
): Promise<void> {
  const changes = new Map<Switching, Partial<RunState>>();
  const note = (one: Switching, change: Partial<RunState>) =>
    changes.set(one, { ...changes.get(one), ...change });
  for (const one of switching) {
    note(one, await one.publication.begin());
  }
  await runAll(session, [
    ...switching.flatMap(({ publication }) => publication.moves),
    ...switching.flatMap(({ publication }) => publication.attach),
  ]);
  for (const one of altersFirst(switching)) {
    note(one, await one.publication.finish());
  }
  for (const one of switching) {
    const { run, live } = one.context;
    await writeRun(session, run.migrationId, {
      ...one.stored,
      phase: 'cut-over',
      state: { ...one.stored.state, ...changes.get(one) },
    });
    await writeVersions(session, live, {
      currentVersion: run.toVersion,
      coexistingVersion: run.policy === 'coexist' ? run.fromVersion : undefined,
      migrationId: run.migrationId,
    });
  }
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

/**
 * How one table is published while all that are switched together are locked.
 * What hangs on several of them is taken off and put on again when all have
 * moved, so each step is done for all tables before the next one.
 */
interface Publication {
  /** Checks that nothing has changed, while nothing of the others has. */
  begin(): Promise<Partial<RunState>>;
  moves: string[];
  attach: string[];
  /** @returns what a roll back will need to know */
  finish(): Promise<Partial<RunState>>;
}

/** Does what can be done before the lock, as everybody waits while it is held. */
async function preparePublication(
  session: Session,
  context: RunContext,
  { state }: StoredRun,
): Promise<Publication> {
  const { run, live, shadow } = context;
  const coexists = run.policy === 'coexist';
  const versionBefore = await readVersions(session, live);
  if (state.strategy === 'metadata-only') {
    const alter = coexists ? publishBeside : alterInPlace;
    return {
      begin: async () => ({ versionBefore }),
      moves: [],
      attach: [],
      finish: () => alter(session, context),
    };
  }
  const publication = coexists
    ? await prepareBeside(session, context, state)
    : await prepareSwitch(session, context, state);
  return {
    ...publication,
    begin: async () => {
      await requireUnchangedSource(session, context, state);
      return { versionBefore, ...(await publication.begin()) };
    },
    finish: async () => ({
      ...(await publication.finish()),
      published: await fingerprint(session, coexists ? shadow : live),
    }),
  };
}

async function alterInPlace(
  session: Session,
  context: RunContext,
): Promise<Partial<RunState>> {
  return {
    ...(await dropOldName(session, context)),
    ...(await alterLive(session, context)),
  };
}

/** The old version keeps the table's name; each shows what the other is written. */
async function prepareBeside(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<Publication> {
  const { run, live, shadow } = context;
  const join = await prepareJoin(session, context, state);
  await createVersionView(session, context, {
    version: run.fromVersion,
    table: live,
    writable: true,
  });
  await createVersionView(session, context, {
    version: run.toVersion,
    table: shadow,
    writable: join.writable,
  });
  return {
    begin: async () => ({}),
    moves: [],
    attach: [],
    finish: join.run,
  };
}

/** The new version takes the table's name, the old one goes aside. */
async function prepareSwitch(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<Publication> {
  const { live, next, old, shadow } = context;
  await createSchema(session, old, await ownerOf(session, live));
  const watch = {
    table: shadow,
    flag: targetFlag(state),
    key: wayBackOf(context, state)?.key,
    once: true,
  };
  await watchWrites(session, watch);
  const { fromVersion } = context.run;
  const hadVersionView = await hasVersionView(session, context, fromVersion);
  const moves = [
    ...unwatchStatements({ table: live, flag: sourceFlag(state) }),
    // The last writes that were brought over are none of its own.
    ...forgetStatements(watch),
    `DROP INDEX IF EXISTS ${ident(next)}.${IDENTITY_INDEX}`,
    ...moveStatements(context, {
      incoming: next,
      aside: old,
      sequences: state.sequences,
      leaving: state.carried.old,
      entering: state.carried.new,
    }),
    `DROP SCHEMA ${ident(next)}`,
  ];
  return {
    begin: async () => {
      if (hadVersionView) {
        await dropVersionView(session, context, fromVersion);
      }
      return { hadVersionView };
    },
    moves,
    attach: state.carried.new.attach,
    finish: async () => ({}),
  };
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
