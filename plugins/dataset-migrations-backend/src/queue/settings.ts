import { Config, readDurationFromConfig } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { durationToMilliseconds } from '@backstage/types';
import { readRetentionSettings } from '../retention/settings';
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
  /** Migrations that this process runs at a time; 0 for one that only enqueues. */
  slots: number;
  /** Jobs of other tasks that it runs at a time, in slots of their own. */
  concurrency: { preflight: number; deliver: number };
  /**
   * Of its slots, those that migrations of an engine may take at a time, by its
   * id; all where none is given, and none of its jobs at all where it is 0.
   */
  engineSlots: Record<string, number>;
  /** Database schema of the queue, in the plugin's own database. */
  schema: string;
  /** A job that runs longer is taken for stuck. */
  expireInSeconds: number;
  /** A worker that gives no sign of life for so long is taken for dead. */
  heartbeatSeconds: number;
  /** Fallback for lost notifications, and for retries, which send none. */
  pollSeconds: number;
  /** How long a job is kept after its end. */
  deleteAfterSeconds: number;
  /** How long a stopping worker waits for its jobs to come to a halt. */
  shutdownSeconds: number;
  /** How long the queue may be out of work before this process counts as dead. */
  livenessSeconds: number;
  retries: Record<JobPayload['task'], RetryPolicy>;
}

const DEFAULT_SLOTS = 4;
const MOST_SLOTS = 100;
/** They scan whole datasets, while a person waits for one or two. */
const DEFAULT_PREFLIGHTS = 2;
/** They wait for receivers, mostly, and one that hangs has a slot to itself. */
const DEFAULT_DELIVERIES = 20;
const DEFAULT_EXPIRE_SECONDS = 3600;
const DEFAULT_HEARTBEAT_SECONDS = 10;
const DEFAULT_SHUTDOWN_SECONDS = 20;
/** Longer than a restart of the database takes, which needs none of ours. */
const DEFAULT_LIVENESS_SECONDS = 30;
const POLL_SECONDS = 1;
/** What the library's column holds: 68 years. */
const MOST_SECONDS = 2 ** 31 - 1;

/** Some five minutes: longer than a database takes to come back. */
const untilDatabaseReturns: RetryPolicy = { limit: 10, delay: 1, maxDelay: 60 };

/**
 * Reads `datasetMigrations.queue`: `slots`, `concurrency`, `schema`,
 * `jobTimeout`, `heartbeatTimeout`, `shutdownTimeout`, `livenessTimeout`; and
 * `datasetMigrations.retention.jobs`.
 *
 * @throws InputError naming the key and the value
 */
export function readQueueSettings(config: Config): QueueSettings {
  const queue = config.getOptionalConfig('datasetMigrations.queue');

  const count = (key: string, fallback: number, least: number) => {
    const value = queue?.getOptionalNumber(key) ?? fallback;
    if (!Number.isInteger(value) || value < least || value > MOST_SLOTS) {
      throw new InputError(
        `datasetMigrations.queue.${key} must be a whole number from ${least} to ${MOST_SLOTS}, not ${value}`,
      );
    }
    return value;
  };
  const slots = count('slots', DEFAULT_SLOTS, 0);
  const engines = queue?.getOptionalConfig('concurrency.engines')?.keys() ?? [];
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
    concurrency: {
      preflight: count('concurrency.preflight', DEFAULT_PREFLIGHTS, 1),
      deliver: count('concurrency.deliver', DEFAULT_DELIVERIES, 1),
    },
    engineSlots: Object.fromEntries(
      engines.map(id => [id, count(`concurrency.engines.${id}`, slots, 0)]),
    ),
    schema,
    expireInSeconds: seconds('jobTimeout', DEFAULT_EXPIRE_SECONDS, 1),
    // The library takes no less than 10 seconds.
    heartbeatSeconds: seconds(
      'heartbeatTimeout',
      DEFAULT_HEARTBEAT_SECONDS,
      10,
    ),
    deleteAfterSeconds: Math.min(
      Math.ceil(readRetentionSettings(config).jobs / 1000),
      MOST_SECONDS,
    ),
    shutdownSeconds: seconds('shutdownTimeout', DEFAULT_SHUTDOWN_SECONDS, 1),
    livenessSeconds: seconds('livenessTimeout', DEFAULT_LIVENESS_SECONDS, 5),
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
