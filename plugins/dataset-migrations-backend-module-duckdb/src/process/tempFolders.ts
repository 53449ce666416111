import { randomUUID } from 'crypto';
import { mkdir, readdir, rm } from 'fs/promises';
import { hostname } from 'os';
import path from 'path';

/** A name that tells whose folder it is, so that another may clean up after a crash. */
const PATTERN = /^(.+)~(\d+)~[0-9a-f-]+$/;

/** A folder of one DuckDB process to spill into. */
export async function makeTempFolder(base: string): Promise<string> {
  const name = `${hostname()}~${process.pid}~${randomUUID()}`;
  const folder = path.join(base, name);
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Makes the folder for temporary folders and removes those of workers that died here. */
export async function prepareTempBase(base: string): Promise<void> {
  await mkdir(base, { recursive: true });
  for (const name of await readdir(base)) {
    const match = PATTERN.exec(name);
    if (match && match[1] === hostname() && !isAlive(Number(match[2]))) {
      await removeTempFolder(path.join(base, name));
    }
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
