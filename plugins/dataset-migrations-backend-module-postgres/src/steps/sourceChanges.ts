import { SourceChangedError } from '@skein/backstage-plugin-dataset-migrations-node';
import { wasWritten } from '../control/writeFlags';
import { RunState } from '../control/runs';
import { RunContext, RunNames } from '../RunContext';
import { fingerprint } from '../table/fingerprint';
import { Queryable } from '../table/readTable';

/** Flag of writes to the old version, from `prepare` on. */
export function sourceFlag({ id }: RunNames): string {
  return `${id}_source`;
}

/** Flag of writes to the new version, from its publication on. */
export function targetFlag({ id }: RunNames): string {
  return `${id}_target`;
}

/**
 * Says how the source differs from what was prepared. Certain only while a lock
 * keeps writers out; before that, an early answer.
 */
export async function changeOfSource(
  session: Queryable,
  context: RunContext,
  state: RunState,
): Promise<string | undefined> {
  if (await wasWritten(session, sourceFlag(context))) {
    return 'was written';
  }
  return (await fingerprint(session, context.live)) === state.fingerprint
    ? undefined
    : 'was altered';
}

/** @throws SourceChangedError */
export async function requireUnchangedSource(
  session: Queryable,
  context: RunContext,
  state: RunState,
): Promise<void> {
  const change = await changeOfSource(session, context, state);
  if (change) {
    throw new SourceChangedError(
      `${context.run.location.display} ${change} since the migration began; nothing was switched. Start it again when the table rests.`,
    );
  }
}
