import { Knex } from 'knex';
import { fromKnex, JobInsert, PgBoss, Queue, QueuePolicy } from 'pg-boss';
import { inBatches } from '../database/inBatches';
import { DEAD_QUEUE } from './names';
import { QueueSettings } from './settings';
import { JobPayload } from './types';

/** A blocked migration's job may wait long; the library drops jobs after 14 days. */
const RETENTION_SECONDS = 90 * 24 * 3600;

/** The library's queues: made when they are first used, whoever uses them. */
export class Queues {
  private readonly made = new Map<string, Promise<void>>();

  constructor(
    private readonly boss: PgBoss,
    private readonly settings: QueueSettings,
  ) {}

  /** Makes the queue, or brings one up to date that is there from before. */
  ensure(queue: string): Promise<void> {
    let made = this.made.get(queue);
    if (!made) {
      made = queue === DEAD_QUEUE ? this.makeDead() : this.make(queue);
      this.made.set(queue, made);
      made.catch(() => this.made.delete(queue));
    }
    return made;
  }

  /** Inserts jobs in the caller's transaction. */
  async insert(
    trx: Knex.Transaction,
    queue: string,
    jobs: JobInsert<JobPayload>[],
  ): Promise<void> {
    await this.ensure(queue);
    const db = fromKnex(trx);
    await inBatches(jobs, async batch => {
      await this.boss.insert(queue, batch, { db });
      return [];
    });
  }

  private makeDead(): Promise<void> {
    return this.keep(DEAD_QUEUE, 'standard', {
      expireInSeconds: 300,
      retryLimit: 100,
      retryBackoff: true,
    });
  }

  private make(queue: string): Promise<void> {
    const { expireInSeconds, heartbeatSeconds } = this.settings;
    return this.keep(queue, 'singleton', {
      notify: true,
      deadLetter: DEAD_QUEUE,
      expireInSeconds,
      heartbeatSeconds,
      retentionSeconds: RETENTION_SECONDS,
    });
  }

  private async keep(
    queue: string,
    policy: QueuePolicy,
    options: Omit<Queue, 'name' | 'policy' | 'partition'>,
  ): Promise<void> {
    const { deleteAfterSeconds } = this.settings;
    const jobs = { ...options, deleteAfterSeconds };
    await this.boss.createQueue(queue, { policy, ...jobs });
    await this.boss.updateQueue(queue, jobs);
  }
}
