import {
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processOf } from './processes.mjs';

/*
 * A lock file holds the pid and the start of the process that has it, so that a
 * lock outlives its process by nothing: neither by a crash nor by another
 * process that is given the same pid.
 */

function signature() {
  return `${process.pid} ${processOf(process.pid).started}`;
}

/** The pid of the living process that holds a lock file, or undefined. @param {string} file */
export function holderOf(file) {
  let content;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
  const [, pid, started] = /^(\d+) (.*)$/.exec(content) ?? [];
  return pid && processOf(Number(pid))?.started === started
    ? Number(pid)
    : undefined;
}

/**
 * Removes the lock of a dead process. Between our look and our removal another
 * process may have done the same and taken the lock; so it is moved away, looked
 * at again, and put back if somebody living holds it.
 */
function bury(file, grave) {
  try {
    renameSync(file, grave);
  } catch (error) {
    if (error.code === 'ENOENT') return;
    throw error;
  }
  if (holderOf(grave)) linkSync(grave, file);
  unlinkSync(grave);
}

/**
 * Takes a lock file for this process unless a living one holds it. The file
 * appears with its content (link, not create and write), so nobody ever reads
 * an empty one.
 *
 * @param {string} file
 * @returns {{ held: true, release(): void } | { held: false, by: number }}
 */
export function tryLock(file) {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, signature());
  try {
    for (;;) {
      try {
        linkSync(aside, file);
        return { held: true, release: () => rmSync(file, { force: true }) };
      } catch (error) {
        if (error.code !== 'EEXIST') throw error;
      }
      const holder = holderOf(file);
      if (holder) return { held: false, by: holder };
      bury(file, `${aside}.dead`);
    }
  } finally {
    unlinkSync(aside);
  }
}

/**
 * Runs a function while this process alone holds the lock file.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {(holder: number) => void} [onWait] - Called once if somebody else holds it.
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait) {
  let lock = tryLock(file);
  if (!lock.held) onWait?.(lock.by);
  while (!lock.held) {
    await delay(200);
    lock = tryLock(file);
  }
  try {
    return await work();
  } finally {
    lock.release();
  }
}
