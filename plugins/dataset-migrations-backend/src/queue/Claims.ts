import { LoggerService } from '@backstage/backend-plugin-api';
import { JobWithMetadata, PgBoss } from 'pg-boss';
import { ClaimLostError } from './errors';
import { groupBy } from './groupBy';
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

  constructor(
    private readonly boss: PgBoss,
    private readonly logger: LoggerService,
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
    const held = groupBy([...this.claims.values()], ({ queue }) => queue);
    await Promise.all(
      [...held].map(([queue, claims]) =>
        this.refreshQueue(queue, claims).catch(error =>
          // Says nothing about the claims, so nothing is aborted.
          this.logger.warn(`Queue: no sign of life for jobs: ${error.message}`),
        ),
      ),
    );
  }

  private async refreshQueue(queue: string, claims: Claim[]): Promise<void> {
    const response = await this.boss.touch(
      queue,
      claims.map(({ job }) => job),
    );
    // The library's types keep the ids to themselves.
    const { settled } = response as { settled?: string[] };
    const refreshed = new Set(settled);
    for (const { job, lost } of claims) {
      if (settled && !refreshed.has(job.id)) {
        lost.abort(
          new ClaimLostError(`Job ${job.id} was given to another worker`),
        );
      }
    }
  }
}
