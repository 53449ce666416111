import { randomUUID } from 'crypto';
import { link, mkdir, open, rename, rm, unlink } from 'fs/promises';
import path from 'path';
import { InputError, isError } from '@backstage/errors';
import { entryKind } from '../places/realPaths';

/**
 * Called before and after everything that is done beside the data. Tests stop
 * or kill a worker there; what it throws, the caller throws.
 *
 * @internal
 */
export type StepHook = (step: string) => Promise<void>;

/**
 * Writes that a power cut cannot take back or leave half done: every file is
 * synced before it gets its name, every folder after.
 */
export class DurableFiles {
  constructor(private readonly onStep: StepHook = async () => {}) {}

  /** Runs one side effect between two steps. */
  async act<T>(name: string, effect: () => Promise<T>): Promise<T> {
    await this.onStep(`before ${name}`);
    const result = await effect();
    await this.onStep(`after ${name}`);
    return result;
  }

  /** Creates a folder and those above it, each recorded in its parent. */
  async makeFolder(folder: string): Promise<void> {
    if ((await entryKind(folder)) === 'folder') {
      return;
    }
    await this.makeFolder(path.dirname(folder));
    await this.makeLastFolder(folder);
  }

  /** Creates a folder whose parent must be there. */
  async makeLastFolder(folder: string): Promise<void> {
    await this.act('folder', async () => {
      await mkdir(folder).catch(ignore('EEXIST'));
      await syncFolder(path.dirname(folder));
    });
  }

  /**
   * Creates a file whole, or not at all when the name is taken. The name
   * appears by a hard link, the one way to give a finished file a name without
   * taking it from another.
   *
   * @returns whether this call created it
   */
  async createExclusive(file: string, text: string): Promise<boolean> {
    const staged = path.join(path.dirname(file), stagedName(file));
    await this.act('staged file', () => writeSynced(staged, text));
    const created = await this.act('link', async () => {
      try {
        await link(staged, file);
        return true;
      } catch (error) {
        if (isError(error) && error.code === 'EEXIST') {
          return false;
        }
        throw explainLink(error, file);
      }
    });
    await this.act('tidy', async () => {
      await unlink(staged).catch(ignore('ENOENT'));
      await syncFolder(path.dirname(file));
    });
    return created;
  }

  /** Gives a file that something else wrote its final name, synced. */
  async finish(staged: string, file: string): Promise<void> {
    await this.act('sync', async () => {
      const handle = await open(staged, 'r');
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    });
    await this.act('rename', () => rename(staged, file));
    await this.act('folder sync', () => syncFolder(path.dirname(file)));
  }

  /** Removes a file or a folder with all it holds; nothing there is fine. */
  async remove(target: string): Promise<void> {
    await this.act('removal', () =>
      rm(target, { recursive: true, force: true }),
    );
  }
}

/** A name for a file that is not finished; readers pass over it. */
export function stagedName(file: string): string {
  return `.${path.basename(file)}.${randomUUID()}.tmp`;
}

/** Whether a name is one of {@link stagedName}. */
export function isStaged(name: string): boolean {
  return name.startsWith('.') && name.endsWith('.tmp');
}

async function writeSynced(file: string, text: string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

function ignore(code: string): (error: unknown) => void {
  return error => {
    if (!isError(error) || error.code !== code) {
      throw error;
    }
  };
}

function explainLink(error: unknown, file: string): unknown {
  const codes = ['EPERM', 'ENOTSUP', 'ENOSYS', 'EOPNOTSUPP'];
  return isError(error) && codes.includes(String(error.code))
    ? new InputError(
        `The file system of '${path.basename(
          path.dirname(file),
        )}' has no hard links, by which versions are published`,
      )
    : error;
}
