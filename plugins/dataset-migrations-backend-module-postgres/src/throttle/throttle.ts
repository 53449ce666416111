import { setTimeout as wait } from 'timers/promises';
import { RunContext } from '../RunContext';
import { activeSessions } from './activeSessions';
import { ThrottleLimits } from './Limits';
import { lockQueue } from './lockQueue';
import { Load, readLoad } from './readLoad';
import { replicationLag } from './replicationLag';

/** How long one call waits before it says why and gives the turn back. */
const PAUSE_MS = 1_000;

const reasons = [replicationLag, lockQueue, activeSessions];

/**
 * Waits for a while when the server has enough to do without the migration.
 *
 * @returns why it waited, as a sentence for the people who watch; undefined
 *   when the work can go on
 */
export async function throttle(
  context: RunContext,
): Promise<string | undefined> {
  const { run, warehouse, live, limits } = context;
  const { signal } = run;
  const reason = reasonToWait(
    await readLoad(warehouse, { live, signal }),
    limits.throttle,
  );
  if (reason) {
    run.logger.debug(`${run.location.display} waits: ${reason}`);
    await wait(PAUSE_MS, undefined, { signal }).catch(() => {});
    signal.throwIfAborted();
  }
  return reason;
}

/** The first reason to wait with that load. */
export function reasonToWait(
  load: Load,
  limits: ThrottleLimits,
): string | undefined {
  return reasons
    .map(reason => reason(load, limits))
    .find(sentence => sentence !== undefined);
}
