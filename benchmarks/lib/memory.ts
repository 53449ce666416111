import { readdirSync, readFileSync } from 'node:fs';

/**
 * Resident memory of a process and all its descendants, in MB (10^6 bytes).
 * @see proc_pid_status(5): VmRSS is in KiB
 */
export function residentMegabytes(pid: number): number {
  const children = new Map<number, number[]>();
  for (const name of readdirSync('/proc')) {
    const parent = /^\d+$/.test(name) ? field(Number(name), 'PPid') : undefined;
    if (parent !== undefined) {
      children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
    }
  }
  const sum = (id: number): number =>
    (field(id, 'VmRSS') ?? 0) +
    (children.get(id) ?? []).reduce((total, child) => total + sum(child), 0);
  return (sum(pid) * 1024) / 1e6;
}

/** How often memory is looked at, in milliseconds. */
const SAMPLE_EVERY_MS = 50;

/**
 * Watches the memory of the processes that this one starts from now on, without
 * its own, which changes meanwhile, and without those of an earlier measurement.
 * The kernel keeps the peak of each, so that nothing is missed between two looks.
 *
 * @returns `stop` gives the peak so far, in MB
 * @see proc_pid_status(5): VmHWM is in KiB
 */
export function childrenPeak(): { stop(): number } {
  const before = new Set(childrenOf(process.pid));
  let peak = 0;
  const sampling = setInterval(() => {
    const started = childrenOf(process.pid).filter(pid => !before.has(pid));
    const kibibytes = started.reduce(
      (sum, pid) => sum + (field(pid, 'VmHWM') ?? 0),
      0,
    );
    peak = Math.max(peak, (kibibytes * 1024) / 1e6);
  }, SAMPLE_EVERY_MS);
  return {
    stop() {
      clearInterval(sampling);
      return peak;
    },
  };
}

/** The processes that a process has started, without theirs. */
function childrenOf(pid: number): number[] {
  return readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .map(Number)
    .filter(child => field(child, 'PPid') === pid);
}

function field(pid: number, name: string): number | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const value = new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(status)?.[1];
    return value === undefined ? undefined : Number(value);
  } catch {
    return undefined;
  }
}
