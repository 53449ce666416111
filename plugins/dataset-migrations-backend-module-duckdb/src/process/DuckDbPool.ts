import {
  makeTempFolder,
  prepareTempBase,
  removeTempFolder,
} from '@skein/backstage-plugin-dataset-migrations-node';
import { KEY, Settings } from '../config/readSettings';
import { DuckDbProcess, OnProgress, ResultRow } from './DuckDbProcess';
import { QueryError } from './QueryError';
import { Session, Sharing } from './Session';
import { untilAborted } from './untilAborted';
import { sessionSettings } from './sessionSettings';

/** How long a process waits for more work before it ends. */
const IDLE_MS = 10_000;

interface Slot {
  process: DuckDbProcess;
  /** The folder it is locked to; none before it is opened. */
  folder?: string;
  sharing?: Sharing;
  temp: string;
  idle?: NodeJS.Timeout;
}

/** A process that several have at the same time. */
interface Shared {
  slot: Promise<Slot>;
  sessions: number;
}

/**
 * A few DuckDB processes, each locked to a folder: that of one dataset, or the root of
 * many where only what files say of themselves is read, which is done by one process
 * for all who ask. Who asks for more than there may be waits for its turn.
 */
export class DuckDbPool {
  private readonly idle: Slot[] = [];
  /** By folder, those lent to who looks at metadata. */
  private readonly shared = new Map<string, Shared>();
  private readonly waiting: Array<() => void> = [];
  private running = 0;
  private prepared: Promise<void> | undefined;
  private closed = false;

  /** @param options - `progressMs`: how often statements tell of their progress */
  constructor(
    private readonly settings: Pick<
      Settings,
      'memoryLimit' | 'threads' | 'processes' | 'tempDirectory'
    >,
    private readonly options: { progressMs?: number } = {},
  ) {}

  /**
   * Lends a process that reaches that folder and nothing else.
   *
   * @param work - has ended all its statements when it settles
   * @param named - the folder in which errors name files, if not the same
   */
  async withSession<T>(
    folder: string,
    signal: AbortSignal,
    work: (session: Session) => Promise<T>,
    sharing: Sharing = 'one-statement',
    named: string = folder,
  ): Promise<T> {
    await this.turn(signal);
    try {
      const use = (slot: Slot) =>
        work({
          query: (sql, onProgress) =>
            runIn(slot, named, sql, signal, onProgress),
          lanes: this.lanes(sharing),
          temp: slot.temp,
          signal,
          pid: slot.process.pid,
        });
      return sharing === 'metadata'
        ? await this.share(folder, use)
        : await this.lend(folder, sharing, use);
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
      await this.wait(signal);
    }
    this.running += 1;
  }

  private async wait(signal: AbortSignal): Promise<void> {
    let go = () => {};
    const freed = new Promise<void>(resolve => {
      go = resolve;
      this.waiting.push(resolve);
    });
    try {
      await untilAborted(signal, freed);
    } catch (error) {
      const place = this.waiting.indexOf(go);
      if (place >= 0) {
        this.waiting.splice(place, 1);
      } else {
        // It was this one's turn already; the next one gets it.
        this.waiting.shift()?.();
      }
      throw error;
    }
  }

  /** Lends a process to one at a time. */
  private async lend<T>(
    folder: string,
    sharing: Sharing,
    use: (slot: Slot) => Promise<T>,
  ): Promise<T> {
    const slot = await this.take(folder, sharing);
    try {
      return await use(slot);
    } finally {
      await this.giveBack(slot);
    }
  }

  /** Lends a process that others have already, or will have beside this one. */
  private async share<T>(
    folder: string,
    use: (slot: Slot) => Promise<T>,
  ): Promise<T> {
    const shared = this.shared.get(folder) ?? {
      slot: this.take(folder, 'metadata'),
      sessions: 0,
    };
    this.shared.set(folder, shared);
    shared.sessions += 1;
    let slot: Slot | undefined;
    try {
      slot = await shared.slot;
      return await use(slot);
    } finally {
      shared.sessions -= 1;
      const dead = !slot?.process.alive;
      if (
        this.shared.get(folder) === shared &&
        (dead || shared.sessions === 0)
      ) {
        // Who comes now gets another one.
        this.shared.delete(folder);
      }
      if (slot && shared.sessions === 0) {
        await this.giveBack(slot);
      }
    }
  }

  private lanes(sharing: Sharing): number {
    return sharing === 'lanes' ? this.settings.threads : 1;
  }

  /** How many statements a process is opened for. */
  private connections(sharing: Sharing): number {
    return sharing === 'metadata'
      ? this.settings.processes
      : this.lanes(sharing);
  }

  /** A process for the folder: the one that has it open, or any, opened anew. */
  private async take(folder: string, sharing: Sharing): Promise<Slot> {
    const isOpen = (slot: Slot | undefined) =>
      slot?.folder === folder && slot.sharing === sharing;
    const same = this.idle.findIndex(isOpen);
    const [idle] = this.idle.splice(Math.max(same, 0), 1);
    clearTimeout(idle?.idle);
    idle?.process.hold(true);
    if (idle?.process.alive && isOpen(idle)) {
      return idle;
    }
    const slot = idle?.process.alive ? idle : await this.start();
    if (idle && slot !== idle) {
      await this.end(idle);
    }
    try {
      await slot.process.open(
        sessionSettings({
          folders: [folder],
          tempDirectory: slot.temp,
          memoryLimit: this.settings.memoryLimit,
          threads: sharing === 'one-statement' ? this.settings.threads : 1,
          connections: this.connections(sharing),
        }),
      );
    } catch (error) {
      await this.end(slot);
      throw error;
    }
    slot.folder = folder;
    slot.sharing = sharing;
    return slot;
  }

  private async start(): Promise<Slot> {
    this.prepared ??= prepareTempBase(
      this.settings.tempDirectory,
      `${KEY}.tempDirectory`,
    );
    await this.prepared.catch(error => {
      this.prepared = undefined;
      throw error;
    });
    const temp = await makeTempFolder(this.settings.tempDirectory);
    return { process: DuckDbProcess.start(this.options.progressMs), temp };
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

/** Errors speak of files by their names, not by the paths of this machine. */
async function runIn(
  { process }: Slot,
  folder: string,
  sql: string,
  signal: AbortSignal,
  onProgress?: OnProgress,
): Promise<ResultRow[]> {
  try {
    return await process.run(sql, signal, onProgress);
  } catch (error) {
    throw error instanceof QueryError ? error.within(folder) : error;
  }
}
