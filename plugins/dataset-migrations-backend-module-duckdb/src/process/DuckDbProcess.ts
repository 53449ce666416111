import { ChildProcess, fork } from 'child_process';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { QueryError } from './QueryError';
import { SessionSettings } from './sessionSettings';

/** A row of a result: booleans and small integers as such, all else as text. */
export type ResultRow = Record<string, unknown>;

/** How long an interrupted query may go on before its process is killed. */
const GRACE_MS = 2_000;

interface Pending {
  resolve(rows: ResultRow[]): void;
  reject(error: Error): void;
  onProgress?: OnProgress;
}

/** How often a statement that takes longer than that tells how far it got. */
const PROGRESS_MS = 200;

/**
 * Told now and then how much of what it reads a statement has read, from 0 to 1.
 */
export type OnProgress = (share: number) => void;

/**
 * DuckDB in a child process. As many queries at a time as it was opened for; a
 * process that died, by itself or because a query would not stop, rejects what
 * it is asked.
 */
export class DuckDbProcess {
  private readonly pending = new Map<number, Pending>();
  private lastId = 0;
  private ended: Error | undefined;

  private constructor(private readonly child: ChildProcess) {
    child.on('message', message => this.receive(message));
    child.on('error', error => this.end(error));
    child.on('exit', (code, signal) =>
      this.end(
        new Error(`The DuckDB process ended with ${signal ?? `code ${code}`}`),
      ),
    );
  }

  /**
   * Starts a process in which nothing is open.
   *
   * @param progressMs - how often statements tell of their progress
   */
  static start(progressMs: number = PROGRESS_MS): DuckDbProcess {
    const entry = resolvePackagePath(
      '@skein/backstage-plugin-dataset-migrations-backend-module-duckdb',
      'child/duckdb-child.cjs',
    );
    const child = fork(entry, [String(progressMs)], {
      // Neither the worker's loaders nor its secrets are of use there. What becomes of
      // results is short-lived: to let 1 MB of it pile up instead of 16 saves 60 MB.
      execArgv: ['--max-semi-space-size=1'],
      env: { PATH: process.env.PATH, TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    return new DuckDbProcess(child);
  }

  /**
   * Opens an empty database that reaches only what the settings name, and closes
   * the one before.
   */
  async open(settings: SessionSettings): Promise<void> {
    await this.ask({ op: 'open', settings });
  }

  get alive(): boolean {
    return this.ended === undefined;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Whether the process keeps its worker from ending. */
  hold(held: boolean): void {
    const side = held ? 'ref' : 'unref';
    this.child[side]();
    this.child.channel?.[side]();
  }

  /**
   * Runs one statement.
   *
   * @param signal - interrupts it, and kills the process when it does not stop soon
   * @throws the signal's reason, or {@link QueryError}
   */
  async run(
    sql: string,
    signal: AbortSignal,
    onProgress?: OnProgress,
  ): Promise<ResultRow[]> {
    signal.throwIfAborted();
    let killer: NodeJS.Timeout | undefined;
    const asked = this.ask({ op: 'run', sql }, onProgress);
    const id = this.lastId;
    const interrupt = () => {
      this.post({ op: 'interrupt', id });
      killer = setTimeout(() => this.kill(), GRACE_MS);
    };
    signal.addEventListener('abort', interrupt, { once: true });
    try {
      return await asked;
    } catch (error) {
      signal.throwIfAborted();
      throw error;
    } finally {
      clearTimeout(killer);
      signal.removeEventListener('abort', interrupt);
    }
  }

  kill(): void {
    this.end(new Error('The DuckDB process was ended'));
    this.child.kill('SIGKILL');
  }

  private ask(
    message:
      | { op: 'open'; settings: SessionSettings }
      | { op: 'run'; sql: string },
    onProgress?: OnProgress,
  ): Promise<ResultRow[]> {
    if (this.ended) {
      return Promise.reject(this.ended);
    }
    this.lastId += 1;
    const id = this.lastId;
    return new Promise((resolve, reject) => {
      this.pending.set(id, { resolve, reject, onProgress });
      this.post({ ...message, id });
    });
  }

  private post(message: object): void {
    if (this.child.connected) {
      // A failed write means that the process is gone, and its end is heard of.
      this.child.send(message, () => {});
    }
  }

  private receive(message: unknown): void {
    const { id, rows, error, percentage } = message as {
      id: number;
      rows?: ResultRow[];
      error?: string;
      percentage?: number;
    };
    const pending = this.pending.get(id);
    if (!pending) {
      return;
    }
    if (percentage !== undefined) {
      pending.onProgress?.(percentage / 100);
      return;
    }
    this.pending.delete(id);
    if (rows) {
      // An array of our own: under jest those of messages are of another realm.
      pending.resolve(Array.from(rows));
    } else {
      pending.reject(QueryError.from(error ?? 'unknown'));
    }
  }

  private end(error: Error): void {
    this.ended ??= error;
    for (const pending of this.pending.values()) {
      pending.reject(this.ended);
    }
    this.pending.clear();
  }
}
