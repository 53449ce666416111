import { randomUUID } from 'crypto';
import { NotAllowedError } from '@backstage/errors';
import { lstat, mkdir, readdir, rm } from 'fs/promises';
import { hostname } from 'os';
import path from 'path';

/** A name that tells whose folder it is, so that another may clean up after a crash. */
const PATTERN = /^(.+)~(\d+)~[0-9a-f-]+$/;

/** What is spilled are rows, which are for nobody else on the machine. */
const PRIVATE = 0o700;

/** A folder of one DuckDB process to spill into. */
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
 * @throws NotAllowedError when somebody else could read or exchange what is
 *   spilled: the folder belongs to another user, or is a link
 */
export async function prepareTempBase(base: string): Promise<void> {
  await mkdir(base, { recursive: true, mode: PRIVATE });
  await assertOwn(base);
  for (const name of await readdir(base)) {
    const match = PATTERN.exec(name);
    if (match && match[1] === hostname() && !isAlive(Number(match[2]))) {
      await removeTempFolder(path.join(base, name));
    }
  }
}

async function assertOwn(base: string): Promise<void> {
  const found = await lstat(base);
  const uid = process.getuid?.();
  if (!found.isDirectory() || (uid !== undefined && found.uid !== uid)) {
    throw new NotAllowedError(
      `DuckDB cannot spill to '${base}': it is no folder of the user that the worker runs as; set datasetMigrations.engines.duckdb.tempDirectory to one`,
    );
  }
}

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
