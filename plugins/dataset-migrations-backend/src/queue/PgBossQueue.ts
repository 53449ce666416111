import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { committed } from '../database/committed';
import { atMost } from './atMost';
import { ClaimedJob } from './Claims';
import { ShutdownError } from './errors';
import { groupBy } from './groupBy';
import { deliveryJobs, keysWithoutJob, queueStats } from './inspectJobs';
import { LaneOptions } from './Lane';
import { Lanes } from './Lanes';
import { DEAD_QUEUE, EARLIER_QUEUE, queueName } from './names';
import { postponeJobs } from './postponeJobs';
import { QueueSettings } from './settings';
import { Running, startQueue } from './startQueue';
import { toJobInsert } from './toJobInsert';
import {
  DeadJobHandler,
  EnqueueOptions,
  JobHandler,
  JobPayload,
  JobQueue,
  QueueStats,
  WorkOptions,
} from './types';

/** How long it tries to tell the database that it ends. */
const FAREWELL_SECONDS = 3;

/**
 * The queue on pg-boss, in a database schema of its own beside the plugin's
 * tables: one of its queues per task and engine. The library keeps jobs, gives
 * them out, supervises and retries them; when which are asked for is decided by
 * {@link Lanes}.
 */
export class PgBossQueue implements JobQueue {
  private running?: Running;
  private readonly lanes: Lanes;
  private readonly shutdown = new AbortController();
  private readonly created = performance.now();
  private stopped?: Promise<void>;

  constructor(
    private readonly options: {
      knex: Knex;
      logger: LoggerService;
      settings: QueueSettings;
    },
  ) {
    this.lanes = new Lanes(options.logger);
  }

  async start(): Promise<void> {
    const { lanes, shutdown } = this;
    this.running = await startQueue({
      ...this.options,
      lanes,
      shutdown: shutdown.signal,
    });
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
    const { retries } = this.options.settings;
    const byQueue = groupBy(jobs, ({ payload, engine }) =>
      queueName(payload.task, engine),
    );
    for (const [queue, itsJobs] of byQueue) {
      await this.started().queues.insert(
        trx,
        queue,
        itsJobs.map(({ payload, ...options }) =>
          toJobInsert(payload, options, retries[payload.task]),
        ),
      );
      if (itsJobs.some(({ startAfterSeconds }) => !startAfterSeconds)) {
        void this.tellOnceCommitted(trx, queue);
      }
    }
  }

  postpone(
    trx: Knex.Transaction,
    options: { task: 'deliver'; keys: string[]; seconds: number },
  ): Promise<void> {
    const { task, keys, seconds } = options;
    const { schema } = this.options.settings;
    return postponeJobs(trx, { schema, queue: queueName(task), keys, seconds });
  }

  async work(handler: JobHandler, options: WorkOptions): Promise<void> {
    const { runner } = this.started();
    const { concurrency, engineSlots } = this.options.settings;
    const run = (queue: string, job: ClaimedJob) =>
      runner.run(queue, job, handler);
    const limitOf = (engine: string) =>
      Math.min(options.slots, engineSlots[engine] ?? options.slots);
    const engines = () => options.engines().filter(id => limitOf(id) > 0);

    this.open({
      slots: options.slots,
      run,
      sources: () =>
        engines().map(engine => ({
          queue: queueName('advance', engine),
          limit: limitOf(engine),
        })),
    });
    this.open({
      slots: concurrency.preflight,
      run,
      sources: () =>
        engines().map(engine => ({
          queue: queueName('preflight', engine),
          limit: concurrency.preflight,
        })),
    });
    this.open({
      slots: concurrency.deliver,
      run,
      sources: () => [
        { queue: queueName('deliver'), limit: concurrency.deliver },
      ],
      // Nobody waits for one, and who enqueues most of them has slots for them.
      hears: 'itself',
    });
    this.drainEarlier(handler, options);
  }

  async onDead(handler: DeadJobHandler): Promise<void> {
    const { runner } = this.started();
    this.open({
      slots: 1,
      run: (queue, job) => runner.bury(queue, job, handler),
      sources: () => [{ queue: DEAD_QUEUE, limit: 1 }],
    });
  }

  keysWithoutJob(keys: string[]): Promise<string[]> {
    const { knex, settings } = this.options;
    return keysWithoutJob(knex, { schema: settings.schema, keys });
  }

  deliveryJobs(): Knex.QueryBuilder {
    const { knex, settings } = this.options;
    return deliveryJobs(knex, { schema: settings.schema });
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
    const idle = late(this.lanes.lastTurn());
    return idle ? `No jobs could be asked for for ${idle} seconds` : undefined;
  }

  stop(until?: Promise<void>): Promise<void> {
    this.stopped ??= this.halt(until);
    return this.stopped;
  }

  private async halt(until?: Promise<void>): Promise<void> {
    // First no new jobs, then the halt of those that run, or a slot that was
    // just freed would fetch the very job that it gave back.
    const stopped = this.lanes.stop();
    this.shutdown.abort(new ShutdownError('This worker stops'));
    const ended = stopped.then(() => this.lanes.drained()).then(() => until);
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
    this.open({
      slots: 1,
      run: (queue, job) =>
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
      sources: () => [{ queue: EARLIER_QUEUE, limit: 1 }],
    });
  }

  private open(
    options: Pick<
      LaneOptions<ClaimedJob>,
      'slots' | 'run' | 'sources' | 'hears'
    >,
  ): void {
    const { boss, queues } = this.started();
    this.lanes.open({
      ...options,
      async fetch(queue, batchSize) {
        await queues.ensure(queue);
        return boss.fetch<JobPayload>(queue, {
          batchSize,
          includeMetadata: true,
        });
      },
    });
  }

  private async tellOnceCommitted(
    trx: Knex.Transaction,
    queue: string,
  ): Promise<void> {
    if (await committed(trx)) {
      this.lanes.enqueued(queue);
    }
  }

  private started(): Running {
    if (!this.running) {
      throw new Error('The queue has not been started');
    }
    return this.running;
  }
}
