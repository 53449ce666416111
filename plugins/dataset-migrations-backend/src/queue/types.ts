import { Knex } from 'knex';

/** What a job is about. The pipeline knows this and nothing of the library. */
export type JobPayload =
  | { task: 'advance'; migrationId: string; sequence: number }
  | { task: 'preflight'; preflightId: string }
  | { task: 'deliver'; deliveryId: string };

export interface EnqueueOptions {
  /** At most one job with the same key runs at a time: the dataset, the delivery. */
  key: string;
  /** Not before this many seconds from now. */
  startAfterSeconds?: number;
  /** Higher goes first. */
  priority?: number;
}

export interface JobContext {
  jobId: string;
  /** 0 for the first run; grows with each retry of this very job. */
  retryCount: number;
  /** Aborts when the job is cancelled, timed out, or the worker shuts down. */
  signal: AbortSignal;
}

export type JobHandler = (
  payload: JobPayload,
  context: JobContext,
) => Promise<void>;

export interface QueueStats {
  depth: number;
  eligibleBacklog: number;
  oldestAgeSeconds: number;
  running: number;
  failed: number;
}

/**
 * The queue as the rest of the backend sees it: a job is created in the
 * caller's transaction, runs at least once, and ends in the dead letters when
 * its retries are used up.
 */
export interface JobQueue {
  start(): Promise<void>;
  /** Creates the job in `trx`, so that it exists exactly if the rows do. */
  enqueue(
    trx: Knex.Transaction,
    payload: JobPayload,
    options: EnqueueOptions,
  ): Promise<void>;
  /** Starts `slots` workers; returns when they listen. */
  work(handler: JobHandler, options: { slots: number }): Promise<void>;
  /** Called once for every job whose retries are used up, dead workers' included. */
  onDead(
    handler: (payload: JobPayload, error: string) => Promise<void>,
  ): Promise<void>;
  /** Aborts the running job with that key, wherever it runs. */
  cancelRunning(key: string): Promise<void>;
  stats(): Promise<QueueStats>;
  /** Gives running jobs back and closes the connections. */
  stop(): Promise<void>;
}
