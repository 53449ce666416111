import { setTimeout as delay } from 'timers/promises';
import { LoggerService } from '@backstage/backend-plugin-api';
import {
  Migration,
  MigrationState,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { BackendCallError } from '../backend/BackendCalls';

/** Milliseconds between two looks: the first after news, the longest without. */
export interface PollIntervals {
  shortest: number;
  longest: number;
}

const GROWTH = 1.5;

/** States that a migration leaves only when somebody does something. */
const SETTLED: readonly MigrationState[] = [
  'succeeded',
  'failed',
  'blocked',
  'cancelled',
  'rolled-back',
];

/**
 * Looks at a migration until it is settled: soon after it changed state or
 * stage, ever more rarely while it does not. A backend that does not answer is
 * asked again until the deadline.
 *
 * @param options.onLook - called with what every look has found
 * @param options.deadline - in milliseconds since the epoch
 * @returns the settled migration, or undefined when the deadline came first
 * @throws the signal's reason when it is aborted; BackendCallError when asking
 *   again would not help
 */
export async function watchMigration(options: {
  get(): Promise<Migration>;
  onLook(migration: Migration): Promise<void>;
  deadline: number;
  intervals: PollIntervals;
  signal: AbortSignal | undefined;
  logger: LoggerService;
}): Promise<Migration | undefined> {
  const { get, onLook, deadline, intervals, signal, logger } = options;
  const look = patiently(get, logger);
  let wait = intervals.shortest;
  let whereabouts: string | undefined;
  for (;;) {
    signal?.throwIfAborted();
    const migration = await look();
    if (migration) {
      await onLook(migration);
      if (SETTLED.includes(migration.state)) {
        return migration;
      }
    }
    const left = deadline - Date.now();
    if (left <= 0) {
      return undefined;
    }
    const now = migration && `${migration.state} ${migration.stage}`;
    wait =
      now === whereabouts
        ? Math.min(wait * GROWTH, intervals.longest)
        : intervals.shortest;
    whereabouts = now;
    await delay(Math.min(wait, left), undefined, { signal });
  }
}

/** Gives undefined where asking again may help, and says so once. */
function patiently(
  get: () => Promise<Migration>,
  logger: LoggerService,
): () => Promise<Migration | undefined> {
  let silent = false;
  return async () => {
    try {
      const migration = await get();
      silent = false;
      return migration;
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
