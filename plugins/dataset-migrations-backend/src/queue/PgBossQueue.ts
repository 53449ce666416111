import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { fromKnex, JobInsert, JobWithMetadata, PgBoss } from 'pg-boss';
import { inBatches } from '../database/inBatches';
import { queueConnection } from './connection';
import { continueJob, payloadOf } from './continueJob';
import { ShutdownError } from './errors';
import { describeFailure } from './failures';
import { keysWithoutJob, queueStats } from './inspectJobs';
import { runJob } from './runJob';
import { QueueSettings } from './settings';
import {
  EnqueueOptions,
  JobHandler,
  JobPayload,
  JobQueue,
  QueueStats,
} from './types';

const QUEUE = 'dataset-migrations';
const DEAD_QUEUE = 'dataset-migrations-dead';

/** Connections besides one per slot: listening, supervision, monitoring, dead letters. */
const SPARE_CONNECTIONS = 4;
/** A refresh may be missed four times before a worker is taken for dead. */
const HEARTBEAT_REFRESH_SECONDS = 2;
/** How soon dead workers are noticed. */
const SUPERVISE_SECONDS = 1;
/** A blocked migration's job may wait long; the library drops jobs after 14 days. */
const RETENTION_SECONDS = 90 * 24 * 3600;
const DELETE_AFTER_SECONDS = 7 * 24 * 3600;

/**
 * The queue on pg-boss, in a database schema of its own beside the plugin's
 * tables. The settings are measured, not guessed: see docs/concepts/queue.md.
 */
export class PgBossQueue implements JobQueue {
  private boss?: PgBoss;
  private readonly shutdown = new AbortController();

  constructor(
    private readonly options: {
      knex: Knex;
      logger: LoggerService;
      settings: QueueSettings;
    },
  ) {}

  async start(): Promise<void> {
    const { knex, logger, settings } = this.options;
    const boss = new PgBoss({
      ...(await queueConnection(knex)),
      application_name: 'dataset-migrations-queue',
      max: settings.slots + SPARE_CONNECTIONS,
      schema: settings.schema,
      useListenNotify: true,
      schedule: false,
      supervise: true,
      superviseIntervalSeconds: SUPERVISE_SECONDS,
      monitorIntervalSeconds: SUPERVISE_SECONDS,
      persistWarnings: false,
    });
    // Without a listener an event named 'error' ends the process. A lost
    // connection is no reason to: the library polls on and listens again.
    boss.on('error', error => logger.warn(`Queue: ${error.message}`));
    boss.on('warning', warning => logger.warn(`Queue: ${warning.message}`));
    await boss.start();

    const dead = { expireInSeconds: 300, retryLimit: 100, retryBackoff: true };
    await boss.createQueue(DEAD_QUEUE, dead);
    const jobs = {
      notify: true,
      deadLetter: DEAD_QUEUE,
      expireInSeconds: settings.expireInSeconds,
      heartbeatSeconds: settings.heartbeatSeconds,
      retentionSeconds: RETENTION_SECONDS,
      deleteAfterSeconds: DELETE_AFTER_SECONDS,
    };
    await boss.createQueue(QUEUE, { policy: 'singleton', ...jobs });
    // It may be there from before, under other settings.
    await boss.updateQueue(QUEUE, jobs);
    this.boss = boss;
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
    const boss = this.started();
    const db = fromKnex(trx);
    await inBatches(jobs, async batch => {
      await boss.insert(
        QUEUE,
        batch.map(job => this.toInsert(job)),
        { db },
      );
      return [];
    });
  }

  async work(handler: JobHandler, options: { slots: number }): Promise<void> {
    const boss = this.started();
    for (let slot = 0; slot < options.slots; slot++) {
      const started: { workerId?: string } = {};
      // One worker per slot: a shared one fetches for all slots at the pace of
      // its slowest.
      started.workerId = await boss.work(
        QUEUE,
        {
          includeMetadata: true,
          pollingIntervalSeconds: this.options.settings.pollSeconds,
          notifyPollingIntervalSeconds: this.options.settings.pollSeconds,
          heartbeatRefreshSeconds: HEARTBEAT_REFRESH_SECONDS,
        },
        async ([job]: JobWithMetadata<JobPayload>[]) => {
          try {
            await this.run(boss, job, handler);
          } finally {
            // A job of the same key may have been passed over while this one
            // ran; its notification came too early.
            if (started.workerId) {
              boss.notifyWorker(started.workerId);
            }
          }
        },
      );
    }
  }

  async onDead(
    handler: (payload: JobPayload, error: string) => Promise<void>,
  ): Promise<void> {
    await this.started().work(
      DEAD_QUEUE,
      {
        includeMetadata: true,
        pollingIntervalSeconds: this.options.settings.pollSeconds,
      },
      async ([job]: JobWithMetadata<JobPayload>[]) =>
        handler(job.data, describeFailure(job.sourceOutput)),
    );
  }

  keysWithoutJob(keys: string[]): Promise<string[]> {
    const { knex, settings } = this.options;
    return keysWithoutJob(knex, {
      schema: settings.schema,
      queue: QUEUE,
      keys,
    });
  }

  stats(): Promise<QueueStats> {
    const { knex, settings } = this.options;
    return queueStats(knex, { schema: settings.schema, queue: QUEUE });
  }

  async stop(): Promise<void> {
    // First no new jobs, then the halt of those that run, or a slot that was
    // just freed would fetch the very job that it gave back.
    const stopped = this.boss?.stop({
      graceful: true,
      timeout: this.options.settings.shutdownSeconds * 1000,
    });
    this.shutdown.abort(new ShutdownError('This worker stops'));
    await stopped;
  }

  private async run(
    boss: PgBoss,
    job: JobWithMetadata<JobPayload>,
    handler: JobHandler,
  ): Promise<void> {
    const { schema } = this.options.settings;
    const { id, retryCount } = job;
    const running = { schema, queue: QUEUE, id, retryCount };
    await runJob({
      job,
      handler,
      shutdown: this.shutdown.signal,
      complete: async trx => {
        // Given as a job, not as an id: only this very attempt is ended.
        const response = await boss.complete(QUEUE, job, null, {
          db: fromKnex(trx),
        });
        // The library's types keep the count to themselves.
        return (response as { affected?: number }).affected === 1;
      },
      continueAs: (trx, payload) => continueJob(trx, running, payload),
      giveBack: complete =>
        this.options.knex.transaction(async trx => {
          const payload = (await payloadOf(trx, running)) ?? job.data;
          await this.enqueue(trx, payload, {
            key: job.singletonKey ?? job.id,
            priority: job.priority,
          });
          await complete(trx);
        }),
    });
  }

  private toInsert({
    payload,
    ...options
  }: { payload: JobPayload } & EnqueueOptions): JobInsert<JobPayload> {
    const retry = this.options.settings.retries[payload.task];
    return {
      data: payload,
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

  private started(): PgBoss {
    if (!this.boss) {
      throw new Error('The queue has not been started');
    }
    return this.boss;
  }
}
