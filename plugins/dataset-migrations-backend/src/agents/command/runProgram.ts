import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { watchGroupMemory } from './groupMemory';

/** How a program is run. */
export interface ProgramOptions {
  /** Absolute path of the program, and its arguments. */
  command: string[];
  /** Folders of `PATH`. */
  path: string[];
  /** Where it runs, and the only place that it is told of. */
  folder: string;
  timeoutMs: number;
  /** Of the process group together. */
  memoryBytes: number;
  /** Of every single file that it writes. */
  maxOutputBytes: number;
  signal: AbortSignal;
}

/** How a program ended. */
export type ProgramEnd =
  | { kind: 'exit'; code: number }
  | { kind: 'signal'; signal: NodeJS.Signals }
  | { kind: 'timeout' }
  | { kind: 'memory' };

/** The file in a batch's folder that holds what a program said. */
export const MESSAGES = 'messages.txt';

/**
 * No core files, which would hold rows, and no file above a size, in units of
 * 512 bytes; limits that the kernel keeps, for root too. When memory is short on
 * the machine, the kernel shall rather end the program than its worker. Then the
 * shell becomes the program. What it leaves behind waits for the other end of
 * descriptor 3, which the kernel closes when the worker dies, and ends the
 * process group.
 */
const WRAPPER = `
set -e
ulimit -c 0
ulimit -f "$1"
shift
{ echo 1000 >/proc/self/oom_score_adj; } 2>/dev/null || :
{ read -r _ <&3 || :; kill -s KILL -- "-$$"; } >/dev/null 2>&1 &
exec "$@" </dev/null 3<&-
`;

/**
 * Runs a program in a process group of its own, without any variable of the
 * worker's environment, and ends the whole group with it.
 *
 * @throws `signal.reason` when aborted; the error of the system when no process
 *   can be started
 */
export async function runProgram(options: ProgramOptions): Promise<ProgramEnd> {
  const { folder, signal } = options;
  signal.throwIfAborted();
  const messages = await open(path.join(folder, MESSAGES), 'wx', 0o600);
  try {
    const child = spawn('/bin/sh', wrapped(options), {
      cwd: folder,
      env: environment(options),
      detached: true,
      stdio: ['ignore', messages.fd, messages.fd, 'pipe'],
    });
    // A lifeline on which nothing is ever said; that it breaks is no news.
    child.stdio[3]?.on('error', () => {});
    const killGroup = () => {
      if (child.pid !== undefined) {
        killProcessGroup(child.pid);
      }
    };
    let limit: 'timeout' | 'memory' | undefined;
    const endFor = (reached: 'timeout' | 'memory') => {
      limit ??= reached;
      killGroup();
    };
    const timer = setTimeout(() => endFor('timeout'), options.timeoutMs);
    const stopWatching =
      child.pid === undefined
        ? () => {}
        : watchGroupMemory(child.pid, options.memoryBytes, () =>
            endFor('memory'),
          );
    signal.addEventListener('abort', killGroup, { once: true });
    if (signal.aborted) {
      killGroup();
    }
    try {
      const [code, killedBy] = await once(child, 'exit');
      signal.throwIfAborted();
      if (limit) {
        return { kind: limit };
      }
      return code === null
        ? { kind: 'signal', signal: killedBy }
        : { kind: 'exit', code };
    } finally {
      clearTimeout(timer);
      stopWatching();
      signal.removeEventListener('abort', killGroup);
      // What the program started and left running, and the lifeline.
      killGroup();
      child.stdio[3]?.destroy();
    }
  } finally {
    await messages.close();
  }
}

function wrapped(options: ProgramOptions): string[] {
  const { command, maxOutputBytes } = options;
  // One unit more than allowed, so that a file that is too large is seen to be.
  const fileUnits = Math.ceil(maxOutputBytes / 512) + 1;
  return ['-c', WRAPPER, 'skein-agent', String(fileUnits), ...command];
}

/** Everything that a program learns by its environment. */
function environment(options: ProgramOptions): NodeJS.ProcessEnv {
  return {
    PATH: options.path.join(':'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    HOME: options.folder,
    TMPDIR: options.folder,
  };
}

function killProcessGroup(id: number): void {
  try {
    process.kill(-id, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') {
      throw error;
    }
  }
}
