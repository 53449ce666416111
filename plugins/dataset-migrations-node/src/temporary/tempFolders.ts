import { randomUUID } from 'crypto';
import { NotAllowedError } from '@backstage/errors';
import { lstat, mkdir, readdir, rm } from 'fs/promises';
import { hostname, tmpdir, userInfo } from 'os';
import path from 'path';

/** A name that tells whose folder it is, so that another may clean up after a crash. */
const PATTERN = /^(.+)~(\d+)~[0-9a-f-]+$/;

/** What lies there are rows, which are for nobody else on the machine. */
const PRIVATE = 0o700;

/**
 * Makes a folder for one process to work in, readable for nobody else.
 *
 * @param base - prepared by {@link prepareTempBase}
 * @returns its absolute path
 * @public
 */
export async function makeTempFolder(base: string): Promise<string> {
  const name = `${hostname()}~${process.pid}~${randomUUID()}`;
  const folder = path.join(base, name);
  await mkdir(folder, { recursive: true, mode: PRIVATE });
  return folder;
}

/**
 * Makes the folder for temporary folders and removes those of workers that died
 * here.
 *
 * @param base - absolute path
 * @param key - of the configuration that says where it is, for messages
 * @throws NotAllowedError when somebody else could read or exchange what lies
 *   there: the folder belongs to another user, or is a link
 * @public
 */
export async function prepareTempBase(
  base: string,
  key: string,
): Promise<void> {
  await mkdir(base, { recursive: true, mode: PRIVATE });
  await assertOwn(base, key);
  for (const name of await readdir(base)) {
    const match = PATTERN.exec(name);
    if (match && match[1] === hostname() && !isAlive(Number(match[2]))) {
      await removeTempFolder(path.join(base, name));
    }
  }
}

async function assertOwn(base: string, key: string): Promise<void> {
  const found = await lstat(base);
  const uid = process.getuid?.();
  if (!found.isDirectory() || (uid !== undefined && found.uid !== uid)) {
    throw new NotAllowedError(
      `Rows cannot be put into '${base}': it is no folder of the user that the worker runs as; set ${key} to one`,
    );
  }
}

/**
 * Where temporary folders are made when nobody says where: one folder for each
 * user of the machine, as nobody can write another's.
 *
 * @param name - what for: `skein-duckdb`
 * @public
 */
export function defaultTempBase(name: string): string {
  const { uid, username } = userInfo();
  const user = uid >= 0 ? String(uid) : username.replace(/[^\w.-]/g, '_');
  return path.join(tmpdir(), `${name}-${user}`);
}

/** Removes a folder with all that is in it. @public */
export async function removeTempFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
