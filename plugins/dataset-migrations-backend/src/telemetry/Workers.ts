import { LoggerService } from '@backstage/backend-plugin-api';
import { assertError } from '@backstage/errors';
import { WorkerInfo } from '@skein/backstage-plugin-dataset-migrations-common';
import { Knex } from 'knex';
import { hostname } from 'node:os';
import { version } from '../../package.json';

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
  state: WorkerInfo['state'];
  engines: string[] | null;
  version: string | null;
  started_at: Date;
  last_seen_at: Date;
}

/** What this process tells of itself. */
export interface WorkerIdentity {
  id: string;
  slots: number;
  /** The engines whose jobs it takes, now. */
  engines(): string[];
}

/** What the workers alive can take. */
export interface Fleet {
  /** Jobs that all of them can run at a time. */
  slots: number;
  /**
   * The engines of which one of them takes jobs at least; undefined where there are
   * none, or an earlier release does not tell, and so may take those of any.
   */
  engines?: string[];
}

/**
 * Who works: every worker keeps a row of `workers` fresh while it lives. For
 * people and for `.workers.alive`; what runs is decided by the queue and the
 * leases, never by this table.
 */
export class Workers {
  private timer?: NodeJS.Timeout;
  private self?: WorkerIdentity;
  private running = 0;
  private state: WorkerInfo['state'] = 'working';

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
      state: row.state,
      engines: row.engines ?? undefined,
      version: row.version ?? undefined,
      startedAt: row.started_at.toISOString(),
      lastSeenAt: row.last_seen_at.toISOString(),
    }));
  }

  /** What those can take of them that take any jobs. */
  async fleet(): Promise<Fleet> {
    const workers = await this.alive();
    const taking = workers.filter(({ state }) => state !== 'draining');
    const told = taking.flatMap(({ engines }) => engines ?? []);
    const areKnown =
      taking.length > 0 && taking.every(({ engines }) => engines);
    return {
      slots: taking.reduce((slots, worker) => slots + worker.slots, 0),
      engines: areKnown ? [...new Set(told)] : undefined,
    };
  }

  /** Tells how many jobs run in this process; written with the next sign of life. */
  setRunning(running: number): void {
    this.running = running;
  }

  /** Signs in and keeps signing. */
  async start(self: WorkerIdentity): Promise<void> {
    this.self = self;
    await this.beat(self);
    this.timer = setInterval(
      () => void this.refresh(),
      HEARTBEAT_SECONDS * 1000,
    );
    this.timer.unref();
  }

  /** Signs now, as something of it has changed; does nothing before the start. */
  async refresh(): Promise<void> {
    try {
      if (this.self) {
        await this.beat(this.self);
      }
    } catch (error) {
      assertError(error);
      this.options.logger.warn(`Worker heartbeat failed: ${error.message}`);
    }
  }

  /** Tells that it stops, and takes no more jobs. */
  async drain(): Promise<void> {
    this.state = 'draining';
    await this.refresh();
  }

  /** Signs out. */
  async stop(): Promise<void> {
    clearInterval(this.timer);
    if (this.self) {
      await this.options.knex('workers').where({ id: this.self.id }).delete();
    }
  }

  private async beat({ id, slots, engines }: WorkerIdentity): Promise<void> {
    const { knex } = this.options;
    const changing = {
      running: this.running,
      state: this.state,
      engines: engines(),
    };
    await knex('workers')
      .insert({
        id,
        hostname: hostname(),
        pid: process.pid,
        slots,
        version,
        ...changing,
      })
      .onConflict('id')
      .merge({ ...changing, last_seen_at: knex.fn.now() });
    await knex('workers')
      .whereRaw(`last_seen_at < now() - make_interval(secs => ?)`, [
        FORGET_SECONDS,
      ])
      .delete();
  }
}
