import { RunState } from '../control/runs';
import {
  stopWatchingWrites,
  unwatchStatements,
  watchWrites,
} from '../control/writeFlags';
import { Session } from '../connection/Session';
import { runAll } from '../connection/sql';
import { soleProjection } from '../emit/projection';
import { isWritten } from '../rows/projectionRowWriter';
import { RunContext } from '../RunContext';
import { sourceFlag, targetFlag } from '../control/flags';
import { fingerprint } from '../table/fingerprint';
import { sourceColumns } from '../table/layout';
import {
  mirrorStatements,
  refuseWritesStatements,
  unmirrorStatements,
} from './mirror';
import { mappedKey } from './rowIdentity';
import { interleaving, partSequences } from './sharedIdentities';
import { freshScope, keyBack, wayBackOf } from './wayBack';
import { isKeyed, KeyedState } from './writtenRows';

/**
 * Makes two versions that stand beside each other show each other's writes:
 * those of the old one always, those of the new one where the mapping has an
 * inverse. Without an identity of rows the writes of both are noted only.
 *
 * @returns what is to be run with the old one locked, when nothing of it is
 *   missing in the new one
 */
export async function prepareJoin(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<{ writable: boolean; run: () => Promise<Partial<RunState>> }> {
  const { live, shadow } = context;
  if (!isKeyed(state)) {
    const watch = { table: shadow, flag: targetFlag(state) };
    return {
      writable: false,
      run: async () => {
        await watchWrites(session, watch);
        return {};
      },
    };
  }
  const back = backward(context, state);
  const statements = [
    ...unwatchStatements({ table: live, flag: sourceFlag(state) }),
    ...forward(context, state),
    ...back.statements,
    ...(await interleaving(session, context, state.sequences)),
  ];
  return {
    writable: back.writable,
    run: async () => {
      await runAll(session, statements);
      return { joined: true, fingerprint: await fingerprint(session, live) };
    },
  };
}

/** Undoes {@link prepareJoin}; each version stands for itself then. */
export async function partVersions(
  session: Session,
  context: RunContext,
  state: RunState,
): Promise<void> {
  const { live, shadow } = context;
  if (!state.joined) {
    await stopWatchingWrites(session, sourceFlag(state));
    await stopWatchingWrites(session, targetFlag(state));
    return;
  }
  const { source, target } = mirrorNames(state);
  const statements = [
    ...unmirrorStatements(source, live),
    ...unmirrorStatements(target, shadow),
  ];
  await runAll(session, statements);
  await partSequences(session, context, state.sequences);
}

function mirrorNames(state: RunState) {
  return {
    source: `mirror_${sourceFlag(state)}`,
    target: `mirror_${targetFlag(state)}`,
  };
}

function forward(
  { run, live, shadow }: RunContext,
  state: KeyedState,
): string[] {
  const { identity, columns } = state;
  return mirrorStatements({
    name: mirrorNames(state).source,
    from: live,
    to: shadow,
    fields: soleProjection(run.mapping)!.filter(({ field }) =>
      isWritten(field, columns),
    ),
    columns: sourceColumns(run.mapping.source, columns),
    key: identity.map(({ target }) => target),
    keyOf: row => mappedKey(run.mapping, identity, row, name => name),
  });
}

function backward(
  context: RunContext,
  state: KeyedState,
): { writable: boolean; statements: string[] } {
  const { run, live, shadow } = context;
  const name = mirrorNames(state).target;
  const way = wayBackOf(context, state);
  if (!way) {
    return {
      writable: false,
      statements: refuseWritesStatements(
        name,
        shadow,
        `Version ${run.toVersion} of ${run.location.display} can be read only until ${run.fromVersion} is retired, as what is written to it cannot be brought back to ${run.fromVersion}`,
      ),
    };
  }
  return {
    writable: true,
    statements: mirrorStatements({
      name,
      from: shadow,
      to: live,
      fields: way.fields,
      columns: freshScope(way, 'NEW').columns,
      key: state.identity.map(({ source }) => source),
      keyOf: row => keyBack(way, row),
    }),
  };
}
