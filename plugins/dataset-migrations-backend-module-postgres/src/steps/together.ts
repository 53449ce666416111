import { Moves } from '../carry/carryOver';
import { readRun, StoredRun } from '../control/runs';
import { runAll, WAIT_BRIEFLY } from '../connection/sql';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';
import { lockVersions } from './tableLock';

/** A run, and what is kept of it beside the data. */
export interface HeldRun {
  context: RunContext;
  stored: StoredRun;
}

/** Reads runs that are switched together, and keeps others from changing them. */
export async function readRuns(
  session: Session,
  contexts: RunContext[],
): Promise<Array<{ context: RunContext; stored: StoredRun | undefined }>> {
  const runs = [];
  for (const context of contexts) {
    const stored = await readRun(session, context.run.migrationId, {
      forUpdate: true,
    });
    runs.push({ context, stored });
  }
  return runs;
}

/**
 * Keeps everybody out of tables that are switched together: first of what else
 * the switch changes, then of the tables, in an order that is always the same.
 * From the first lock on, none is waited for but briefly.
 *
 * @param leaving - whose constraints are in force now, unless both versions are
 *   beside each other; nothing of them changes hands then
 */
export async function lockTables(
  session: Session,
  runs: HeldRun[],
  leaving?: 'old' | 'new',
): Promise<void> {
  for (const { stored } of runs) {
    if (leaving) {
      const { lock }: Moves = stored.state.carried[leaving];
      await runAll(session, lock);
    }
  }
  const ordered = [...runs].sort((a, b) =>
    a.context.live < b.context.live ? -1 : 1,
  );
  for (const [index, { context, stored }] of ordered.entries()) {
    if (index === 1) {
      await runAll(session, [WAIT_BRIEFLY]);
    }
    await lockVersions(session, context, stored);
  }
}

/**
 * Tables that are altered in place before those that were copied: on the way to
 * the new version, when all copies have their names; on the way back, before any
 * loses it. PostgreSQL then follows in what hangs on both.
 */
export function altersFirst<T extends HeldRun>(runs: T[]): T[] {
  const isCopy = ({ stored }: T) => stored.state.strategy === 'shadow-copy';
  return [...runs.filter(run => !isCopy(run)), ...runs.filter(isCopy)];
}

/** For people: `warehouse.public.airports and warehouse.public.carriers`. */
export function namesOfPlaces(contexts: RunContext[]): string {
  return contexts.map(({ run }) => run.location.display).join(' and ');
}
