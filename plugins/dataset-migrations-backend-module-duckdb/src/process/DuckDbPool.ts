import { Settings } from '../config/readSettings';
import { DuckDbProcess } from './DuckDbProcess';
import { Session } from './Session';
import { sessionSettings } from './sessionSettings';
import {
  makeTempFolder,
  prepareTempBase,
  removeTempFolder,
} from './tempFolders';

/** How long a process waits for more work before it ends. */
const IDLE_MS = 10_000;

interface Slot {
  process: DuckDbProcess;
  folder: string;
  temp: string;
  idle?: NodeJS.Timeout;
}

/**
 * A few DuckDB processes, each locked to the folder of one dataset. Who asks
 * for more than there may be waits for its turn.
 */
export class DuckDbPool {
  private readonly idle: Slot[] = [];
  private readonly waiting: Array<() => void> = [];
  private running = 0;
  private prepared: Promise<void> | undefined;
  private closed = false;

  constructor(
    private readonly settings: Pick<
      Settings,
      'memoryLimit' | 'threads' | 'processes' | 'tempDirectory'
    >,
  ) {}

  /** Lends a process that reaches that folder and nothing else. */
  async withSession<T>(
    folder: string,
    signal: AbortSignal,
    work: (session: Session) => Promise<T>,
  ): Promise<T> {
    await this.turn(signal);
    try {
      const slot = await this.take(folder);
      slot.process.hold(true);
      try {
        return await work({
          query: sql => slot.process.run(sql, { signal }),
          temp: slot.temp,
          signal,
        });
      } finally {
        await this.giveBack(slot);
      }
    } finally {
      this.running -= 1;
      this.waiting.shift()?.();
    }
  }

  /** Ends every idle process, and those at work when they are given back. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.idle.splice(0).map(slot => this.end(slot)));
  }

  private async turn(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    while (this.running >= this.settings.processes) {
      await new Promise<void>((resolve, reject) => {
        const abort = () => {
          this.waiting.splice(this.waiting.indexOf(go), 1);
          reject(signal.reason);
        };
        const go = () => {
          signal.removeEventListener('abort', abort);
          resolve();
        };
        signal.addEventListener('abort', abort, { once: true });
        this.waiting.push(go);
      });
    }
    this.running += 1;
  }

  private async take(folder: string): Promise<Slot> {
    const found = this.idle.findIndex(slot => slot.folder === folder);
    if (found >= 0) {
      const [slot] = this.idle.splice(found, 1);
      clearTimeout(slot.idle);
      if (slot.process.alive) {
        return slot;
      }
      await this.end(slot);
    }
    const spare = this.idle.length + this.running - this.settings.processes;
    await Promise.all(
      this.idle.splice(0, Math.max(spare, 0)).map(slot => this.end(slot)),
    );
    return this.start(folder);
  }

  private async start(folder: string): Promise<Slot> {
    this.prepared ??= prepareTempBase(this.settings.tempDirectory);
    await this.prepared;
    const temp = await makeTempFolder(this.settings.tempDirectory);
    const process = await DuckDbProcess.start(
      sessionSettings({
        folders: [folder],
        tempDirectory: temp,
        memoryLimit: this.settings.memoryLimit,
        threads: this.settings.threads,
      }),
    );
    return { process, folder, temp };
  }

  private async giveBack(slot: Slot): Promise<void> {
    if (this.closed || !slot.process.alive) {
      await this.end(slot);
      return;
    }
    slot.process.hold(false);
    slot.idle = setTimeout(() => {
      const index = this.idle.indexOf(slot);
      this.idle.splice(index, 1);
      void this.end(slot);
    }, IDLE_MS);
    slot.idle.unref();
    this.idle.push(slot);
  }

  private async end(slot: Slot): Promise<void> {
    clearTimeout(slot.idle);
    slot.process.kill();
    await removeTempFolder(slot.temp);
  }
}
