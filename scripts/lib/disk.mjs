import { existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { Explained } from './say.mjs';

const GB = 1024 ** 3;

/** Bytes for people. @param {number} bytes */
export function gigabytes(bytes) {
  return `${(bytes / GB).toFixed(1)} GB`;
}

/** Bytes that this user may still write at a path, existing or not. @param {string} path */
export function freeBytes(path) {
  let existing = path;
  while (!existsSync(existing)) existing = dirname(existing);
  const { bavail, bsize } = statfsSync(existing);
  return bavail * bsize;
}

/**
 * Refuses to begin what would fill the disk half way.
 *
 * @param {string} path - Where it will be written.
 * @param {number} bytes - How much it needs.
 * @param {string} purpose - What for, as it reads in the sentence.
 * @param {number} [free] - Free bytes, when known already.
 */
export function requireFreeSpace(path, bytes, purpose, free = freeBytes(path)) {
  if (free < bytes) {
    throw new Explained(
      `the disk of ${path} has ${gigabytes(free)} free, but ${purpose} needs ` +
        `${gigabytes(bytes)}; free some space and run this again.`,
    );
  }
}

/** Turns a full disk met in the middle of things into a sentence. @param {unknown} error */
export function explainDisk(error) {
  const code = error?.code;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    const where = error.path ? ` while writing ${error.path}` : '';
    return new Explained(
      `the disk is full${where}; free some space and run this again.`,
      { cause: error },
    );
  }
  return error;
}
