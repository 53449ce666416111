import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/**
 * What tells a living process from a later one with the same pid: when it
 * started, and its program's name.
 *
 * @param {number} pid
 * @returns {{ started: string, name: string } | undefined} undefined if it is
 *   gone, or dead and only not yet collected by its parent.
 */
export function processOf(pid) {
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** @see proc_pid_stat(5): pid (comm) state ppid ... starttime is field 22 */
function fromProc(pid) {
  let stat;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  }
  const name = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'));
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return { started: fields[19], name };
}

function fromPs(pid) {
  try {
    const args = ['-o', 'stat=,lstart=,comm=', '-p', String(pid)];
    const line = execFileSync('ps', args, {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    // S+  Sat Nov 22 17:56:01 2026  node
    const [state, ...words] = line.trim().split(/\s+/);
    if (state.startsWith('Z')) return undefined;
    return {
      started: words.slice(0, 5).join(' '),
      name: words.slice(5).join(' '),
    };
  } catch {
    return undefined;
  }
}
