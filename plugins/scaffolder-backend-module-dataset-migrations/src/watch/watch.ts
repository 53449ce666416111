import { setTimeout as delay } from 'timers/promises';
import { LoggerService } from '@backstage/backend-plugin-api';
import { BackendCallError } from '../backend/BackendCalls';

/** Milliseconds between two looks: the first after news, the longest without. */
export interface PollIntervals {
  shortest: number;
  longest: number;
}

export const DEFAULT_INTERVALS: PollIntervals = {
  shortest: 500,
  longest: 5_000,
};

const GROWTH = 1.5;

/**
 * Looks at something until it is settled: soon after its whereabouts changed,
 * ever more rarely while they do not. A backend that does not answer is asked
 * again until the deadline.
 *
 * @param options.onLook - called with what every look has found
 * @param options.isSettled - whether only somebody can change it any more
 * @param options.whereabouts - what is the same as long as nothing happens
 * @param options.deadline - in milliseconds since the epoch
 * @returns what was found settled, or undefined when the deadline came first
 * @throws the signal's reason when it is aborted; BackendCallError when asking
 *   again would not help
 */
export async function watch<T>(options: {
  get(): Promise<T>;
  onLook(found: T): Promise<void>;
  isSettled(found: T): boolean;
  whereabouts(found: T): string;
  deadline: number;
  intervals: PollIntervals;
  signal: AbortSignal | undefined;
  logger: LoggerService;
}): Promise<T | undefined> {
  const { get, onLook, deadline, intervals, signal, logger } = options;
  const look = patiently(get, logger);
  let wait = intervals.shortest;
  let before: string | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const found = await look();
    if (found) {
      await onLook(found);
      if (options.isSettled(found)) {
        return found;
      }
    }
    const left = deadline - Date.now();
    if (left <= 0) {
      return undefined;
    }
    const now = found && options.whereabouts(found);
    wait =
      now === before
        ? Math.min(wait * GROWTH, intervals.longest)
        : intervals.shortest;
    before = now;
    await delay(Math.min(wait, left), undefined, { signal });
  }
}

/** Gives undefined where asking again may help, and says so once. */
function patiently<T>(
  get: () => Promise<T>,
  logger: LoggerService,
): () => Promise<T | undefined> {
  let silent = false;
  return async () => {
    try {
      const found = await get();
      silent = false;
      return found;
    } catch (error) {
      if (!(error instanceof BackendCallError && error.isTemporary)) {
        throw error;
      }
      if (!silent) {
        logger.warn(`The backend does not answer, asking on: ${error.message}`);
      }
      silent = true;
      return undefined;
    }
  };
}
