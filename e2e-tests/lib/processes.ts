import { readdirSync, readFileSync } from 'node:fs';

/** Whether a process was paused by SIGSTOP. */
export function isStopped(pid: number): boolean {
  return statusOf(pid)?.state === 'T';
}

export function isAlive(pid: number): boolean {
  const state = statusOf(pid)?.state;
  return state !== undefined && state !== 'Z';
}

export function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(candidate => statusOf(candidate)?.parent === pid);
}

/** @see proc_pid_stat(5) */
function statusOf(pid: number): { state: string; parent: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { state, parent: Number(parent) };
  } catch {
    return undefined;
  }
}
