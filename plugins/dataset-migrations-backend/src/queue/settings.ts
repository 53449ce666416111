import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { JobPayload } from './types';

/** How often and how patiently a job is run again. */
export interface RetryPolicy {
  limit: number;
  /** Seconds until the first retry, doubled for each one after it; 0 for at once. */
  delay: number;
  /** Seconds. */
  maxDelay: number;
}

export interface QueueSettings {
  /** Jobs that this process runs at a time; 0 for one that only enqueues. */
  slots: number;
  /** Database schema of the queue, in the plugin's own database. */
  schema: string;
  /** A job that runs longer is taken for stuck. */
  expireInSeconds: number;
  /** A worker that gives no sign of life for so long is taken for dead. */
  heartbeatSeconds: number;
  /** Fallback for lost notifications, and for retries, which send none. */
  pollSeconds: number;
  /** How long a stopping worker waits for its jobs to come to a halt. */
  shutdownSeconds: number;
  retries: Record<JobPayload['task'], RetryPolicy>;
}

const DEFAULT_SLOTS = 4;
const DEFAULT_EXPIRE_SECONDS = 3600;
const DEFAULT_HEARTBEAT_SECONDS = 10;
const DEFAULT_SHUTDOWN_SECONDS = 20;
const POLL_SECONDS = 0.5;

/** Some five minutes: longer than a database takes to come back. */
const untilDatabaseReturns: RetryPolicy = { limit: 10, delay: 1, maxDelay: 60 };

/**
 * Reads `datasetMigrations.queue`: `slots`, `schema`, `jobTimeout`,
 * `heartbeatTimeout`, `shutdownTimeout`.
 *
 * @throws InputError naming the key and the value
 */
export function readQueueSettings(config: Config): QueueSettings {
  const queue = config.getOptionalConfig('datasetMigrations.queue');

  const slots = queue?.getOptionalNumber('slots') ?? DEFAULT_SLOTS;
  if (!Number.isInteger(slots) || slots < 0 || slots > 100) {
    throw new InputError(
      `datasetMigrations.queue.slots must be a whole number from 0 to 100, not ${slots}`,
    );
  }
  const schema =
    queue?.getOptionalString('schema') ?? 'dataset_migrations_boss';
  if (!/^[a-z_][a-z0-9_]{0,49}$/.test(schema)) {
    throw new InputError(
      `datasetMigrations.queue.schema must be a plain lower case identifier of at most 50 characters, not '${schema}'`,
    );
  }
  const seconds = (key: string, fallback: number, minimum: number) => {
    if (!queue?.has(key)) {
      return fallback;
    }
    const value = Math.ceil(
      durationToMilliseconds(readDurationFromConfig(queue, { key })) / 1000,
    );
    if (value < minimum) {
      throw new InputError(
        `datasetMigrations.queue.${key} must be at least ${minimum} seconds, not ${value}`,
      );
    }
    return value;
  };

  return {
    slots,
    schema,
    expireInSeconds: seconds('jobTimeout', DEFAULT_EXPIRE_SECONDS, 1),
    // The library takes no less than 10 seconds.
    heartbeatSeconds: seconds(
      'heartbeatTimeout',
      DEFAULT_HEARTBEAT_SECONDS,
      10,
    ),
    shutdownSeconds: seconds('shutdownTimeout', DEFAULT_SHUTDOWN_SECONDS, 1),
    pollSeconds: POLL_SECONDS,
    retries: {
      advance: untilDatabaseReturns,
      preflight: { limit: 3, delay: 1, maxDelay: 10 },
      // Only of what the outbox could not write down: a receiver that does not
      // answer is tried again by the outbox, which enqueues another job.
      deliver: untilDatabaseReturns,
    },
  };
}
