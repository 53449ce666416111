import { RunPhase } from '@skein/backstage-plugin-dataset-migrations-node';
import { readRun, StoredRun } from '../control/runs';
import { runAll, WAIT_BRIEFLY } from '../connection/sql';
import { Session } from '../connection/Session';
import { RunContext } from '../RunContext';

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

/** Whether one of the tables was copied and its run is in that phase. */
export async function isCopyAmong(
  contexts: RunContext[],
  phase: RunPhase,
): Promise<boolean> {
  for (const { run, warehouse } of contexts) {
    const stored = await readRun(warehouse, run.migrationId);
    if (stored?.phase === phase && stored.state.strategy === 'shadow-copy') {
      return true;
    }
  }
  return false;
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
  const [first, ...others] = runs
    .flatMap(versionsOf)
    .sort((a, b) => (a < b ? -1 : 1))
    .map(table => `LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
  await runAll(session, [
    ...runs.flatMap(({ stored }) =>
      leaving ? stored.state.carried[leaving].lock : [],
    ),
    first,
    ...(others.length > 0 ? [WAIT_BRIEFLY, ...others] : []),
  ]);
}

/** The live table, and a copy that stands beside it, quoted. */
function versionsOf({ context, stored }: HeldRun): string[] {
  const { run, live, shadow } = context;
  const beside =
    run.policy === 'coexist' &&
    stored.phase === 'cut-over' &&
    stored.state.strategy === 'shadow-copy';
  return beside ? [live, shadow] : [live];
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
