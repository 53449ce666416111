import { readdirSync, readFileSync } from 'node:fs';

/** Ticks of the kernel's clock in a second, on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * Processor time, user and system, that processes and all their descendants
 * have used so far, in seconds: those that have ended too, as long as a parent
 * that is alive has waited for them.
 *
 * @see proc_pid_stat(5): fields 14 to 17
 */
export function processorSeconds(pids: number[]): number {
  const stats = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    const stat = /^\d+$/.test(name) ? statOf(Number(name)) : undefined;
    if (stat) stats.set(Number(name), stat);
  }
  const children = new Map<number, number[]>();
  for (const [pid, { parent }] of stats) {
    children.set(parent, [...(children.get(parent) ?? []), pid]);
  }
  const ticksOf = (pid: number): number =>
    (children.get(pid) ?? []).reduce(
      (sum, child) => sum + ticksOf(child),
      stats.get(pid)?.ticks ?? 0,
    );
  return pids.reduce((sum, pid) => sum + ticksOf(pid), 0) / TICKS_PER_SECOND;
}

interface Stat {
  parent: number;
  ticks: number;
}

function statOf(pid: number): Stat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name, in parentheses, may hold spaces; the state, field 3, follows.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, n) => sum + Number(n), 0);
    return { parent: Number(fields[1]), ticks };
  } catch {
    // It has ended meanwhile.
    return undefined;
  }
}
