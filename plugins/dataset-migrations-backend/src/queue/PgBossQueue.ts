import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { JobInsert, PgBoss } from 'pg-boss';
import { ClaimedJob, Claims } from './Claims';
import { queueConnection } from './connection';
import { queuePoolSize } from './connectionBudget';
import { ensureSchema } from './ensureSchema';
import { ShutdownError } from './errors';
import { groupBy } from './groupBy';
import { dueQueues, keysWithoutJob, queueStats } from './inspectJobs';
import { JobRunner } from './JobRunner';
import { Lane, LaneSource } from './Lane';
import { DEAD_QUEUE, EARLIER_QUEUE, queueName } from './names';
import { Poll } from './Poll';
import { QueueDatabase } from './QueueDatabase';
import { Queues } from './Queues';
import { QueueSettings } from './settings';
import { Supervisor } from './Supervisor';
import { withTrace } from './trace';
import {
  DeadJobHandler,
  EnqueueOptions,
  JobHandler,
  JobPayload,
  JobQueue,
  QueueStats,
  WorkOptions,
} from './types';

/** Jobs are counted at every supervision. */
const MONITOR_SECONDS = 1;

/** How long it tries to tell the database that it ends. */
const FAREWELL_SECONDS = 3;

/** What there is once the queue has started. */
interface Running {
  database: QueueDatabase;
  boss: PgBoss;
  queues: Queues;
  claims: Claims;
  runner: JobRunner;
  supervisor: Supervisor;
  poll: Poll;
}

/**
 * The queue on pg-boss, in a database schema of its own beside the plugin's
 * tables: one of its queues per task and engine. The library keeps jobs, gives
 * them out, supervises and retries them; when which are asked for is decided by
 * {@link Lane}. The settings are measured, not guessed: see
 * docs/concepts/queue.md.
 */
export class PgBossQueue implements JobQueue {
  private running?: Running;
  private readonly lanes: Lane<ClaimedJob>[] = [];
  private readonly shutdown = new AbortController();
  private readonly created = performance.now();
  private stopped?: Promise<void>;

  constructor(
    private readonly options: {
      knex: Knex;
      logger: LoggerService;
      settings: QueueSettings;
    },
  ) {}

  async start(): Promise<void> {
    const { knex, logger, settings } = this.options;
    const warn = (error: { message: string }) =>
      logger.warn(`Queue: ${error.message}`);
    const database = new QueueDatabase({
      settings: {
        ...(await queueConnection(knex)),
        application_name: 'dataset-migrations-queue',
        max: queuePoolSize(settings),
      },
      onNotified: queue => this.wake(queue),
      // No reason to end: the pool connects anew, and the lanes poll on.
      onLost: warn,
    });
    const boss = new PgBoss({
      db: database,
      schema: settings.schema,
      createSchema: false,
      useListenNotify: true,
      schedule: false,
      // By {@link Supervisor}.
      supervise: false,
      monitorIntervalSeconds: MONITOR_SECONDS,
      persistWarnings: false,
      // It would make a span of every poll.
      openTelemetry: { enabled: false },
    });
    // Without a listener an event named 'error' ends the process.
    boss.on('error', warn);
    boss.on('warning', warn);
    try {
      await ensureSchema(database, settings.schema);
      await boss.start();
    } catch (error) {
      await database.close();
      throw error;
    }

    const queues = new Queues(boss, settings);
    await queues.ensure(DEAD_QUEUE);
    await queues.ensure(EARLIER_QUEUE);
    const claims = new Claims(boss, logger);
    const { signal } = this.shutdown;
    this.running = {
      database,
      boss,
      queues,
      claims,
      runner: new JobRunner({
        boss,
        schema: settings.schema,
        knex,
        logger,
        claims,
        queues,
        shutdown: signal,
      }),
      supervisor: new Supervisor({ boss, knex, logger }),
      poll: new Poll({
        everyMs: settings.pollSeconds * 1000,
        takers: this.lanes,
        due: names =>
          dueQueues(database, { schema: settings.schema, queues: names }),
      }),
    };
  }

  async enqueue(
    trx: Knex.Transaction,
    payload: JobPayload,
    options: EnqueueOptions,
  ): Promise<void> {
    await this.enqueueAll(trx, [{ payload, ...options }]);
  }

  async enqueueAll(
    trx: Knex.Transaction,
    jobs: Array<{ payload: JobPayload } & EnqueueOptions>,
  ): Promise<void> {
    const byQueue = groupBy(jobs, ({ payload, engine }) =>
      queueName(payload.task, engine),
    );
    for (const [queue, itsJobs] of byQueue) {
      await this.started().queues.insert(
        trx,
        queue,
        itsJobs.map(job => this.toInsert(job)),
      );
    }
  }

  async work(handler: JobHandler, options: WorkOptions): Promise<void> {
    const { runner } = this.started();
    const { concurrency, engineSlots } = this.options.settings;
    const run = (queue: string, job: ClaimedJob) =>
      runner.run(queue, job, handler);
    const limitOf = (engine: string) =>
      Math.min(options.slots, engineSlots[engine] ?? options.slots);
    const engines = () => options.engines().filter(id => limitOf(id) > 0);

    this.open(options.slots, run, () =>
      engines().map(engine => ({
        queue: queueName('advance', engine),
        limit: limitOf(engine),
      })),
    );
    this.open(concurrency.preflight, run, () =>
      engines().map(engine => ({
        queue: queueName('preflight', engine),
        limit: concurrency.preflight,
      })),
    );
    this.open(concurrency.deliver, run, () => [
      { queue: queueName('deliver'), limit: concurrency.deliver },
    ]);
    this.drainEarlier(handler, options);
  }

  async onDead(handler: DeadJobHandler): Promise<void> {
    const { runner } = this.started();
    this.open(
      1,
      (queue, job) => runner.bury(queue, job, handler),
      () => [{ queue: DEAD_QUEUE, limit: 1 }],
    );
  }

  keysWithoutJob(keys: string[]): Promise<string[]> {
    const { knex, settings } = this.options;
    return keysWithoutJob(knex, { schema: settings.schema, keys });
  }

  stats(): Promise<QueueStats> {
    const { knex, settings } = this.options;
    return queueStats(knex, { schema: settings.schema });
  }

  problem(): string | undefined {
    if (this.shutdown.signal.aborted) {
      return undefined;
    }
    const late = (since: number) => {
      const seconds = Math.floor((performance.now() - since) / 1000);
      return seconds > this.options.settings.livenessSeconds && seconds;
    };
    if (!this.running) {
      const seconds = late(this.created);
      return seconds
        ? `The queue has not started for ${seconds} seconds`
        : undefined;
    }
    const silent = late(this.running.database.lastContact());
    if (silent) {
      return `PostgreSQL has not answered the queue for ${silent} seconds`;
    }
    const idle = late(Math.min(...this.lanes.map(lane => lane.lastTurn())));
    return idle ? `No jobs could be asked for for ${idle} seconds` : undefined;
  }

  stop(): Promise<void> {
    this.stopped ??= this.halt();
    return this.stopped;
  }

  private async halt(): Promise<void> {
    // First no new jobs, then the halt of those that run, or a slot that was
    // just freed would fetch the very job that it gave back.
    const lanes = this.lanes.map(lane => lane.stop());
    this.shutdown.abort(new ShutdownError('This worker stops'));
    const ended = Promise.all(lanes).then(() =>
      Promise.all(this.lanes.map(lane => lane.drained())),
    );
    await atMost(this.options.settings.shutdownSeconds, ended);
    if (this.running) {
      await atMost(FAREWELL_SECONDS, this.close(this.running));
    }
  }

  /** Fails the jobs that came to no halt, and closes the connections. */
  private async close(running: Running): Promise<void> {
    const { boss, claims, database, poll, runner, supervisor } = running;
    await poll.stop();
    for (const { queue, job } of claims.all()) {
      await runner.fail(queue, job, this.shutdown.signal.reason);
    }
    claims.close();
    await supervisor.stop();
    await boss.stop({ graceful: false });
    await database.close();
  }

  /**
   * Jobs of an earlier release go to the queue of their task and engine, so
   * that a worker takes them that reaches the data.
   */
  private drainEarlier(handler: JobHandler, options: WorkOptions): void {
    const { runner } = this.started();
    this.open(
      1,
      (queue, job) =>
        runner.run(queue, job, async (payload, context) => {
          const engine = await options.engineOf(payload);
          if (engine === undefined && payload.task !== 'deliver') {
            await handler(payload, context);
            return;
          }
          await this.options.knex.transaction(async trx => {
            const { singletonKey, priority } = job;
            const key = singletonKey ?? job.id;
            await this.enqueue(trx, payload, { key, priority, engine });
            await context.complete(trx);
          });
        }),
      () => [{ queue: EARLIER_QUEUE, limit: 1 }],
    );
  }

  private open(
    slots: number,
    run: (queue: string, job: ClaimedJob) => Promise<void>,
    sources: () => LaneSource[],
  ): void {
    const { logger } = this.options;
    const { boss, queues } = this.started();
    const lane = new Lane<ClaimedJob>({
      slots,
      sources,
      run,
      async fetch(queue, batchSize) {
        await queues.ensure(queue);
        return boss.fetch<JobPayload>(queue, {
          batchSize,
          includeMetadata: true,
        });
      },
      onTrouble: error =>
        error
          ? logger.warn(`Queue: no jobs can be taken: ${error.message}`)
          : logger.info('Queue: jobs can be taken again'),
    });
    this.lanes.push(lane);
    lane.start();
  }

  private wake(queue?: string): void {
    for (const lane of this.lanes) {
      if (queue === undefined || lane.queues().includes(queue)) {
        lane.wake();
      }
    }
  }

  private toInsert({
    payload,
    ...options
  }: { payload: JobPayload } & EnqueueOptions): JobInsert<JobPayload> {
    const retry = this.options.settings.retries[payload.task];
    return {
      data: withTrace(payload),
      singletonKey: options.key,
      startAfter: options.startAfterSeconds ?? 0,
      priority: options.priority ?? 0,
      retryLimit: retry.limit,
      ...(retry.delay > 0 && {
        retryDelay: retry.delay,
        retryDelayMax: retry.maxDelay,
        retryBackoff: true,
      }),
    };
  }

  private started(): Running {
    if (!this.running) {
      throw new Error('The queue has not been started');
    }
    return this.running;
  }
}

/** Waits for `work`, but no longer than so. */
async function atMost(seconds: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const patience = new Promise<void>(resolve => {
    timer = setTimeout(resolve, seconds * 1000);
  });
  await Promise.race([work, patience]);
  clearTimeout(timer);
}
