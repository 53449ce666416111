import { LoggerService } from '@backstage/backend-plugin-api';
import {
  QueueHistoryRequest,
  QueueSample,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { QueueSnapshot } from './observeQueue';

/** Seconds that a sample stands for. */
const BUCKET_SECONDS = 10;
/**
 * Seconds into its ten at which a sample is taken: what ended in the ten before
 * has committed by then.
 */
const LATE_SECONDS = 3;
const KEEP_DAYS = 7;

const DEFAULT_HOURS = 1;
const DEFAULT_SAMPLES = 120;

/**
 * What waited and what ended in the last days. Every process takes samples, and
 * the first one of each ten seconds is kept, so there is a history as long as
 * any process lives.
 */
export class QueueHistory {
  private timer?: NodeJS.Timeout;

  constructor(
    private readonly options: {
      knex: Knex;
      logger: LoggerService;
      read(): Promise<QueueSnapshot>;
    },
  ) {}

  /** Takes samples from now on. */
  start(): void {
    const bucket = BUCKET_SECONDS * 1000;
    const wait = bucket - ((Date.now() - LATE_SECONDS * 1000) % bucket);
    this.timer = setTimeout(async () => {
      try {
        await this.sample();
      } catch (error) {
        this.options.logger.debug(`No sample of the queue: ${error}`);
      }
      if (this.timer) {
        this.start();
      }
    }, wait);
    this.timer.unref();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  /** Writes the sample of now, unless another process did. */
  async sample(): Promise<void> {
    const { knex, read } = this.options;
    const now = `date_bin('${BUCKET_SECONDS} seconds', now(), 'epoch')`;
    const taken = await knex('queue_samples')
      .whereRaw(`at = ${now}`)
      .first('at');
    if (taken) {
      return;
    }
    const snapshot = await read();
    // Ended from the begin of the sample before to the begin of this one, so
    // that every end is counted once, however late samples are taken.
    const ended = (state: string) => `
      (SELECT count(*) FROM migrations, previous
       WHERE state = '${state}' AND finished_at >= previous.at AND finished_at < ${now})`;
    await knex.raw(
      `WITH previous AS (
         SELECT coalesce(max(at), ${now} - interval '${BUCKET_SECONDS} seconds') AS at
         FROM queue_samples WHERE at < ${now}
       )
       INSERT INTO queue_samples (at, depth, eligible_backlog, oldest_age_seconds,
         running, workers_alive, succeeded, failed)
       SELECT ${now}, ?, ?, ?, ?, ?, ${ended('succeeded')}, ${ended('failed')}
       ON CONFLICT (at) DO NOTHING`,
      [
        snapshot.depth,
        snapshot.eligibleBacklog,
        snapshot.oldestAgeSeconds,
        snapshot.running,
        snapshot.workersAlive,
      ],
    );
    await knex('queue_samples')
      .whereRaw(`at < now() - interval '${KEEP_DAYS} days'`)
      .delete();
  }

  /**
   * The samples of the last hours, oldest first. Where there are more than asked
   * for, neighbours are merged: the most that waited and ran, the sum of what
   * ended, at the time of the last.
   */
  async list(request: QueueHistoryRequest): Promise<QueueSample[]> {
    const { hours = DEFAULT_HOURS, samples = DEFAULT_SAMPLES } = request;
    const width =
      Math.ceil((hours * 3600) / samples / BUCKET_SECONDS) * BUCKET_SECONDS;
    // Groups begin at the same times whenever somebody asks, so that a chart
    // does not flicker; which may make one too many at the old end.
    const result = await this.options.knex.raw(
      `SELECT max(at) AS at, max(depth) AS depth, max(eligible_backlog) AS eligible_backlog,
         max(oldest_age_seconds) AS oldest_age_seconds, max(running) AS running,
         max(workers_alive) AS workers_alive,
         sum(succeeded)::int AS succeeded, sum(failed)::int AS failed
       FROM queue_samples
       WHERE at > now() - make_interval(hours => ?)
       GROUP BY date_bin(make_interval(secs => ?), at, 'epoch')
       ORDER BY 1 DESC
       LIMIT ?`,
      [hours, width, samples],
    );
    return result.rows.reverse().map((row: Record<string, any>) => ({
      at: row.at.toISOString(),
      depth: row.depth,
      eligibleBacklog: row.eligible_backlog,
      oldestAgeSeconds: row.oldest_age_seconds,
      running: row.running,
      workersAlive: row.workers_alive,
      succeeded: row.succeeded,
      failed: row.failed,
    }));
  }
}
