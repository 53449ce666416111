import { LoggerService } from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import { Db, JobWithMetadata } from 'pg-boss';
import { ClaimLostError } from './errors';
import { keepJobs } from './keepJobs';
import { JobPayload } from './types';

/** A refresh may be missed four times before a worker is taken for dead. */
const REFRESH_MS = 2_000;

export type ClaimedJob = JobWithMetadata<JobPayload>;

interface Claim {
  queue: string;
  job: ClaimedJob;
  lost: AbortController;
}

/**
 * The jobs that this process runs. Gives a sign of life for all of them every
 * two seconds, and aborts those that turn out to be somebody else's: the
 * supervisor took them away, as this process looked dead or they ran too long.
 */
export class Claims {
  private readonly claims = new Map<string, Claim>();
  private readonly timer: NodeJS.Timeout;
  private refreshing = false;

  constructor(
    private readonly options: {
      database: Db;
      schema: string;
      logger: LoggerService;
    },
  ) {
    this.timer = setInterval(() => void this.refresh(), REFRESH_MS);
    this.timer.unref();
  }

  /** @returns a signal that aborts with a {@link ClaimLostError} */
  add(queue: string, job: ClaimedJob): AbortSignal {
    const lost = new AbortController();
    this.claims.set(job.id, { queue, job, lost });
    return lost.signal;
  }

  remove(job: ClaimedJob): void {
    this.claims.delete(job.id);
  }

  all(): Array<{ queue: string; job: ClaimedJob }> {
    return [...this.claims.values()];
  }

  close(): void {
    clearInterval(this.timer);
  }

  private async refresh(): Promise<void> {
    const claims = [...this.claims.values()];
    // One that waits for a row keeps a connection, of which there are few.
    if (claims.length === 0 || this.refreshing) {
      return;
    }
    this.refreshing = true;
    const { database, schema, logger } = this.options;
    try {
      const kept = await keepJobs(database, {
        schema,
        jobs: claims.map(({ queue, job: { id, retryCount } }) => ({
          queue,
          id,
          retryCount,
        })),
      });
      for (const { job, lost } of claims) {
        if (!kept.has(job.id)) {
          lost.abort(
            new ClaimLostError(`Job ${job.id} was given to another worker`),
          );
        }
      }
    } catch (error) {
      assertError(error);
      // Says nothing about the claims, so nothing is aborted.
      logger.warn(`Queue: no sign of life for jobs: ${error.message}`);
    } finally {
      this.refreshing = false;
    }
  }
}
