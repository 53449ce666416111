import { Knex } from 'knex';

/** What a job is about. The pipeline knows this and nothing of the library. */
export type JobPayload =
  | { task: 'advance'; migrationId: string; sequence: number }
  | { task: 'preflight'; preflightId: string }
  | { task: 'deliver'; deliveryId: string };

/** How a job waits, and who may take it. */
export interface EnqueueOptions {
  /** At most one job with the same key runs at a time: the dataset, the receiver. */
  key: string;
  /**
   * The engine that holds the data, for tasks that touch them (`advance`,
   * `preflight`): only workers that reach its storage take the job.
   */
  engine?: string;
  /** Not before this many seconds from now. */
  startAfterSeconds?: number;
  /** Higher goes first. */
  priority?: number;
}

export interface JobContext {
  jobId: string;
  /** Under which no other job runs. */
  key: string;
  /** 0 for the first run; grows with each retry of this very job. */
  retryCount: number;
  /**
   * Aborts when the job timed out, when another worker was given it, or with a
   * {@link ShutdownError} when this worker stops. A handler that then throws
   * the signal's reason gives the job back without using up a retry.
   */
  signal: AbortSignal;
  /**
   * Ends the job in the transaction of what it did, so that a successor
   * enqueued there takes over in the same commit and a crash afterwards costs
   * nothing. A handler that returns without it ends the job too.
   * @throws ClaimLostError when another worker was given the job meanwhile;
   *   the transaction must not commit then
   */
  complete(trx: Knex.Transaction): Promise<void>;
  /**
   * Gives the job another payload in the transaction of what it did, instead of
   * a successor: the handler goes on with it, and so does the next attempt
   * after a crash. That uses up a retry of this job, so only a first attempt
   * may do it.
   * @throws ClaimLostError as `complete`
   */
  continueAs(trx: Knex.Transaction, payload: JobPayload): Promise<void>;
}

export type JobHandler = (
  payload: JobPayload,
  context: JobContext,
) => Promise<void>;

/** Told of a job whose retries are used up, with the last error. */
export type DeadJobHandler = (
  payload: JobPayload,
  error: string,
) => Promise<void>;

/** How a process takes jobs. */
export interface WorkOptions {
  /** Migrations that it runs at a time; other tasks have slots of their own. */
  slots: number;
  /** The engines whose storage it reaches, asked whenever jobs are taken. */
  engines(): string[];
  /**
   * The engine of a job that an earlier release enqueued, which did not say;
   * undefined when the job is about nothing that is there.
   */
  engineOf(payload: JobPayload): Promise<string | undefined>;
}

/**
 * What waits. Exact up to a thousand jobs in one of the library's queues; above
 * that as its monitor counted them last, a second or two ago.
 */
export interface QueueStats {
  /** Jobs that wait, whether due or not. */
  depth: number;
  /** Jobs that wait and are due. */
  eligibleBacklog: number;
  /** How long the oldest due job has been due; 0 when none is. */
  oldestAgeSeconds: number;
  running: number;
  /** Jobs whose retries were used up, as long as they are kept. */
  failed: number;
}

/**
 * The queue as the rest of the backend sees it: a job is created in the
 * caller's transaction, runs at least once, and ends in the dead letters when
 * its retries are used up.
 */
export interface JobQueue {
  /** Creates or brings up to date what the queue keeps in the database. */
  start(): Promise<void>;
  /** Creates the job in `trx`, so that it exists exactly if the rows do. */
  enqueue(
    trx: Knex.Transaction,
    payload: JobPayload,
    options: EnqueueOptions,
  ): Promise<void>;
  /** The same for many jobs, without a round trip for each. */
  enqueueAll(
    trx: Knex.Transaction,
    jobs: Array<{ payload: JobPayload } & EnqueueOptions>,
  ): Promise<void>;
  /** Jobs of a task with one of these keys that wait start no sooner than that. */
  postpone(
    trx: Knex.Transaction,
    options: { task: 'deliver'; keys: string[]; seconds: number },
  ): Promise<void>;
  /** Takes jobs from now on; returns when it listens. */
  work(handler: JobHandler, options: WorkOptions): Promise<void>;
  /** Called at least once for every job whose retries are used up, dead workers' included. */
  onDead(handler: DeadJobHandler): Promise<void>;
  /** Of these keys, those for which no job waits or runs. */
  keysWithoutJob(keys: string[]): Promise<string[]>;
  /**
   * A query for the jobs of deliveries that wait or run, dead ones to be told of
   * included, with the columns `delivery_id` and `key`.
   */
  deliveryJobs(): Knex.QueryBuilder;
  stats(): Promise<QueueStats>;
  /**
   * What has kept this process from the queue for too long: it did not start,
   * PostgreSQL does not answer it, it cannot ask for jobs. Undefined when all is
   * well, or when it stops.
   */
  problem(): string | undefined;
  /**
   * Gives running jobs back and closes the connections.
   *
   * @param until - what may still enqueue; it is waited for as long as jobs are
   */
  stop(until?: Promise<void>): Promise<void>;
}
