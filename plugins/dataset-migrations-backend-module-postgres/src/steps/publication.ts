import { partitionsIn, RunState, StoredRun } from '../control/runs';
import { sourceFlag, targetFlag } from '../control/flags';
import { readVersions } from '../control/versions';
import {
  forgetStatements,
  unwatchStatements,
  watchWrites,
} from '../control/writeFlags';
import { ident, qualified } from '../connection/sql';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { IDENTITY_INDEX } from '../shadow/finishStatements';
import { moveStatements } from '../shadow/replaceTable';
import { createSchema, ownerOf } from '../shadow/schemas';
import {
  createVersionView,
  dropVersionView,
  hasVersionView,
} from '../shadow/versionViews';
import { prepareJoin } from '../sync/joinVersions';
import { wayBackOf } from '../sync/wayBack';
import { fingerprint } from '../table/fingerprint';
import { alterLive, publishBeside } from './inPlace';
import { requireUnchangedSource } from './sourceChanges';

/**
 * How one table is published while all that are switched together are locked.
 * What hangs on several of them is taken off and put on again when all have
 * moved, so each step is done for all tables before the next one.
 */
export interface Publication {
  /** Checks that nothing has changed, while nothing of the others has. */
  begin(): Promise<Partial<RunState>>;
  moves: string[];
  attach: string[];
  /** @returns what a roll back will need to know, with what `begin` returned */
  finish(): Promise<Partial<RunState>>;
}

/** Does what can be done before the lock, as everybody waits while it is held. */
export async function preparePublication(
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
    partitions: partitionsIn(next, state.partitions),
    flag: targetFlag(state),
    key: wayBackOf(context, state)?.key,
    once: true,
  };
  await watchWrites(session, watch);
  const { fromVersion } = context.run;
  const hadVersionView = await hasVersionView(session, context, fromVersion);
  const moves = [
    ...unwatchStatements({
      table: live,
      partitions: state.partitions?.map(qualified),
      flag: sourceFlag(state),
    }),
    // The last writes that were brought over are none of its own.
    ...forgetStatements(watch),
    `DROP INDEX IF EXISTS ${ident(next)}.${IDENTITY_INDEX}`,
    ...moveStatements(context, {
      incoming: next,
      aside: old,
      partitions: state.partitions,
      sequences: state.sequences,
      leaving: state.carried.old,
      entering: state.carried.new,
    }),
  ];
  return {
    begin: async () => {
      if (hadVersionView) {
        await dropVersionView(session, context, fromVersion);
      }
      return { hadVersionView };
    },
    moves,
    // Statistics leave the schema last.
    attach: [...state.carried.new.attach, `DROP SCHEMA ${ident(next)}`],
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
