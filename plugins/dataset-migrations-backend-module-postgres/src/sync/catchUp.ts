import { Mapping } from '@skein/backstage-plugin-dataset-migrations-common';
import { VerificationError } from '@skein/backstage-plugin-dataset-migrations-node';
import { qualified } from '../connection/sql';
import { claimChanges } from '../control/changeLog';
import { Session } from '../connection/Session';
import { plannedForValues, plannedOnce } from '../connection/sessionSettings';
import { settingAside } from '../quarantine/asideRowWriter';
import { setsAside } from '../quarantine/asideSides';
import { RunContext } from '../RunContext';
import { rowWriterFor } from '../rows/RowWriter';
import { sourceFlag } from '../control/flags';
import { checkRows } from './checkRows';
import { keysRelation, rowsOfKeys, waitingKeys } from './dirtyRows';
import { mappedKey, RowIdentity, sameDirty, sameKey } from './rowIdentity';
import { KeyedState } from './writtenRows';

/**
 * The statement that takes the rows that were written during the copying out of
 * the shadow again: it may hold them in two states, as a row that is updated
 * moves, or not at all, or deleted ones still. They stay in the log, and come
 * back from it.
 */
export function withdrawWritten(
  mapping: Mapping,
  identity: RowIdentity,
  flag: string,
  shadow: string,
): string {
  const key = identity.map(({ source }) => source);
  const written = mappedKey(mapping, identity, 'dirty', (_, i) => `k${i}`);
  return `DELETE FROM ${shadow} AS target USING ${waitingKeys(
    flag,
    key,
  )} AS dirty WHERE ${sameKey('target', targetKey(identity), written)}`;
}

/**
 * Brings a number of logged writes over: what the rows of their keys are now
 * takes the place of what the shadow has for them, and the quarantine. To be
 * called by one transaction at a time, and never beside a chunk that is being
 * copied.
 *
 * Correct under READ COMMITTED: an entry commits with its write, so when it is
 * seen, the row that is read afterwards holds that write or a later one, and a
 * later one has an entry of its own that is still there.
 *
 * @returns the number of entries that were taken off the log
 * @throws VerificationError when the rows do not come out as the mapping has
 *   them, or break the contract
 */
export async function catchUpSome(
  session: Session,
  context: RunContext,
  state: KeyedState,
  limit: number,
): Promise<number> {
  const { run, shadow } = context;
  const { identity } = state;
  const key = identity.map(({ source }) => source);
  const { keys, entries } = await claimChanges(
    session,
    sourceFlag(state),
    key,
    limit,
  );
  if (entries === 0) {
    return 0;
  }
  await session.query(plannedForValues);
  const mapped = mappedKey(run.mapping, identity, 'dirty', (_, i) => `k${i}`);
  await session.execute(
    `DELETE FROM ${shadow} AS target USING ${keysRelation(
      key,
    )} AS dirty WHERE ${sameKey('target', targetKey(identity), mapped)}`,
    keys,
  );
  if (setsAside(state)) {
    await session.execute(
      `DELETE FROM ${qualified(
        state.quarantine,
      )} AS target USING ${keysRelation(key)} AS dirty WHERE ${sameDirty(
        'target',
        key,
      )}`,
      keys,
    );
  }
  const writer = settingAside(
    context,
    state,
    rowWriterFor(context, state.columns, shadow, session),
  );
  const write = await writer.prepare(rowsOfKeys(key, keys));
  await write(session);
  const problem = await checkRows(session, context, state, keys);
  await session.query(plannedOnce);
  if (problem) {
    throw new VerificationError(
      `${run.location.display} was written meanwhile, and ${problem}; nothing was switched`,
    );
  }
  return entries;
}

function targetKey(identity: RowIdentity) {
  return identity.map(({ target }) => target);
}
