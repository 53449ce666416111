import { LoggerService } from '@backstage/backend-plugin-api';
import { Knex } from 'knex';
import { fromKnex, PgBoss } from 'pg-boss';
import { ClaimedJob, Claims } from './Claims';
import { continueJob, payloadOf } from './continueJob';
import { describeFailure, toFailure } from './failures';
import { TASKS } from './names';
import { Queues } from './Queues';
import { runJob } from './runJob';
import { inItsTrace } from './trace';
import { DeadJobHandler, JobHandler } from './types';

/** Until a job of a task that this release does not know is looked at again. */
const UNKNOWN_AGAIN_SECONDS = 60;

/** Runs claimed jobs and ends them in the queue, well or badly; never rejects. */
export class JobRunner {
  constructor(
    private readonly options: {
      boss: PgBoss;
      schema: string;
      knex: Knex;
      logger: LoggerService;
      claims: Claims;
      queues: Queues;
      shutdown: AbortSignal;
    },
  ) {}

  /**
   * Runs a job of a task that this release knows; another one is put back for a
   * process that does.
   */
  async run(
    queue: string,
    job: ClaimedJob,
    handler: JobHandler,
  ): Promise<void> {
    await this.whileClaimed(queue, job, async signal => {
      if (!TASKS.includes(job.data?.task)) {
        await this.putAside(queue, job);
        return true;
      }
      return runJob({
        job: { ...job, signal },
        handler: (data, context) =>
          inItsTrace(data, payload => handler(payload, context)),
        shutdown: this.options.shutdown,
        complete: trx => this.complete(trx, queue, job),
        continueAs: (trx, payload) =>
          continueJob(trx, this.attempt(queue, job), payload),
        giveBack: complete => this.giveBack(queue, job, complete),
      });
    });
  }

  /** Tells of a job whose retries are used up. */
  async bury(
    queue: string,
    job: ClaimedJob,
    handler: DeadJobHandler,
  ): Promise<void> {
    await this.whileClaimed(queue, job, async () => {
      await inItsTrace(job.data, payload =>
        handler(payload, describeFailure(job.sourceOutput)),
      );
      return false;
    });
  }

  async fail(queue: string, job: ClaimedJob, error: unknown): Promise<void> {
    const { boss, logger } = this.options;
    try {
      await boss.fail(queue, job, toFailure(error));
    } catch (reason) {
      // The supervisor does it once the signs of life are missing.
      logger.warn(
        `Queue: job ${job.id} failed, which was not noted: ${reason}`,
      );
    }
  }

  /** @param work - returns whether it ended the job itself */
  private async whileClaimed(
    queue: string,
    job: ClaimedJob,
    work: (signal: AbortSignal) => Promise<boolean>,
  ): Promise<void> {
    const { boss, claims } = this.options;
    try {
      if (!(await work(claims.add(queue, job)))) {
        await boss.complete(queue, job);
      }
    } catch (error) {
      await this.fail(queue, job, error);
    } finally {
      claims.remove(job);
    }
  }

  private async complete(
    trx: Knex.Transaction,
    queue: string,
    job: ClaimedJob,
  ): Promise<boolean> {
    // Given as a job, not as an id: only this very attempt is ended.
    const response = await this.options.boss.complete(queue, job, null, {
      db: fromKnex(trx),
    });
    // The library's types keep the count to themselves.
    return (response as { affected?: number }).affected === 1;
  }

  private attempt(queue: string, { id, retryCount }: ClaimedJob) {
    return { schema: this.options.schema, queue, id, retryCount };
  }

  private async putAside(queue: string, job: ClaimedJob): Promise<void> {
    this.options.logger.warn(
      `Queue: job ${job.id} is of the task '${job.data?.task}', which this release does not know; it is left to another one`,
    );
    await this.giveBack(
      queue,
      job,
      async trx => void (await this.complete(trx, queue, job)),
      UNKNOWN_AGAIN_SECONDS,
    );
  }

  /** An equal job takes its place, in the transaction that ends this one. */
  private async giveBack(
    queue: string,
    job: ClaimedJob,
    complete: (trx: Knex.Transaction) => Promise<void>,
    startAfter = 0,
  ): Promise<void> {
    const { singletonKey, priority } = job;
    const { retryLimit, retryDelay, retryBackoff, retryDelayMax } = job;
    await this.options.knex.transaction(async trx => {
      const payload = await payloadOf(trx, this.attempt(queue, job));
      await this.options.queues.insert(trx, queue, [
        {
          data: payload ?? job.data,
          singletonKey: singletonKey ?? job.id,
          priority,
          startAfter,
          retryLimit,
          retryDelay,
          retryBackoff,
          retryDelayMax: retryDelayMax ?? undefined,
        },
      ]);
      await complete(trx);
    });
  }
}
