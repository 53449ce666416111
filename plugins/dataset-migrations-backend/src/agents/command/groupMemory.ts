import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** How often the memory of a program is looked at. */
const EVERY_MS = 100;

/**
 * Looks at the resident memory of a process group until it is too much. The
 * kernel's own limits count what a process may come to use: an idle Node.js has
 * half a gigabyte of that and 40 MB in use.
 *
 * Needs /proc, and does nothing on systems without it.
 *
 * @param groupId - of the process group
 * @param limit - in bytes
 * @param exceeded - called once
 * @returns ends it
 */
export function watchGroupMemory(
  groupId: number,
  limit: number,
  exceeded: () => void,
): () => void {
  let timer: NodeJS.Timeout | undefined;
  let stopped = !existsSync('/proc/self/stat');
  const look = async () => {
    if ((await groupMemory(groupId)) > limit) {
      if (!stopped) {
        exceeded();
      }
    } else if (!stopped) {
      timer = setTimeout(look, EVERY_MS);
    }
  };
  if (!stopped) {
    void look();
  }
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}

/** Resident memory of all processes of a group, in bytes. */
async function groupMemory(groupId: number): Promise<number> {
  const pids = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const sizes = await Promise.all(
    pids.map(async pid => {
      const stat = await readProc(pid, 'stat');
      // `pid (name) state ppid pgrp ...`; a name may hold spaces and brackets.
      const [, , group] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (Number(group) !== groupId) {
        return 0;
      }
      const status = await readProc(pid, 'status');
      const [, kilobytes = '0'] = /^VmRSS:\s*(\d+) kB$/m.exec(status) ?? [];
      return Number(kilobytes) * 1024;
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Empty for a process that has ended meanwhile. */
async function readProc(pid: string, file: string): Promise<string> {
  try {
    return await readFile(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
