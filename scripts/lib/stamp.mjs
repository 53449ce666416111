import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/**
 * A stamp is a file that holds the hash of what something was made from; while
 * the hash is the same, it need not be made again.
 */

/** Every file under the given files and folders, sorted, dot files and build output aside. */
function* filesUnder(paths) {
  for (const path of paths) {
    if (!existsSync(path)) continue;
    const entries = readdirIfFolder(path);
    if (!entries) {
      yield path;
      continue;
    }
    const wanted = entries
      .filter(
        name =>
          !name.startsWith('.') &&
          !['node_modules', 'dist', 'dist-types', 'coverage'].includes(name),
      )
      .sort();
    yield* filesUnder(wanted.map(name => join(path, name)));
  }
}

function readdirIfFolder(path) {
  try {
    return readdirSync(path);
  } catch (error) {
    if (error.code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/**
 * One hash over names and contents.
 *
 * @param {string} root - Names are taken relative to it, so a checkout may move.
 * @param {string[]} paths - Files and folders; missing ones count as empty.
 * @param {string[]} [facts] - Further text to hash: versions, platform.
 */
export function hashOf(root, paths, facts = []) {
  const hash = createHash('sha256');
  for (const fact of facts) hash.update(`${fact}\0`);
  for (const file of filesUnder(paths)) {
    const content = readFileSync(file);
    const name = relative(root, file).split(sep).join('/');
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/** Whether the stamp holds this hash. @param {string} file @param {string} hash */
export function isStamped(file, hash) {
  return existsSync(file) && readFileSync(file, 'utf8').trim() === hash;
}

/** Writes the stamp, whole or not at all. @param {string} file @param {string} hash */
export function stamp(file, hash) {
  mkdirSync(dirname(file), { recursive: true });
  const aside = `${file}.${process.pid}`;
  writeFileSync(aside, `${hash}\n`);
  renameSync(aside, file);
}
