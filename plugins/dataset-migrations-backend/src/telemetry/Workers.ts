import { LoggerService } from '@backstage/backend-plugin-api';
import { WorkerInfo } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { hostname } from 'node:os';

/** Seconds between two signs of life. */
const HEARTBEAT_SECONDS = 5;
/** A worker that missed this many seconds of them is not alive. */
const ALIVE_SECONDS = 20;
/** Rows of workers that died without a farewell go after this long. */
const FORGET_SECONDS = 24 * 3600;

interface WorkerRow {
  id: string;
  hostname: string;
  pid: number;
  slots: number;
  running: number;
  started_at: Date;
  last_seen_at: Date;
}

/**
 * Who works: every worker keeps a row of `workers` fresh while it lives. For
 * people and for `.workers.alive`; what runs is decided by the queue and the
 * leases, never by this table.
 */
export class Workers {
  private timer?: NodeJS.Timeout;
  private running = 0;

  constructor(
    private readonly options: { knex: Knex; logger: LoggerService },
  ) {}

  /** Workers alive, longest first. */
  async alive(): Promise<WorkerInfo[]> {
    const rows: WorkerRow[] = await this.options
      .knex('workers')
      .whereRaw(`last_seen_at > now() - make_interval(secs => ?)`, [
        ALIVE_SECONDS,
      ])
      .orderBy(['started_at', 'id'])
      .limit(1000);
    return rows.map(row => ({
      id: row.id,
      hostname: row.hostname,
      pid: row.pid,
      slots: row.slots,
      running: row.running,
      state: 'working' as const,
      startedAt: row.started_at.toISOString(),
      lastSeenAt: row.last_seen_at.toISOString(),
    }));
  }

  /** Jobs that all of them can run at a time. */
  async slotsAlive(): Promise<number> {
    const workers = await this.alive();
    return workers.reduce((slots, worker) => slots + worker.slots, 0);
  }

  /** Tells how many jobs run in this process; written with the next sign of life. */
  setRunning(running: number): void {
    this.running = running;
  }

  /** Signs in and keeps signing. */
  async start(worker: { id: string; slots: number }): Promise<void> {
    await this.beat(worker);
    this.timer = setInterval(() => {
      this.beat(worker).catch(error =>
        this.options.logger.warn(`Worker heartbeat failed: ${error.message}`),
      );
    }, HEARTBEAT_SECONDS * 1000);
    this.timer.unref();
  }

  /** Signs out. */
  async stop(workerId: string): Promise<void> {
    clearInterval(this.timer);
    await this.options.knex('workers').where({ id: workerId }).delete();
  }

  private async beat({ id, slots }: { id: string; slots: number }) {
    const { knex } = this.options;
    await knex('workers')
      .insert({
        id,
        hostname: hostname(),
        pid: process.pid,
        slots,
        running: this.running,
      })
      .onConflict('id')
      .merge({ running: this.running, last_seen_at: knex.fn.now() });
    await knex('workers')
      .whereRaw(`last_seen_at < now() - make_interval(secs => ?)`, [
        FORGET_SECONDS,
      ])
      .delete();
  }
}
