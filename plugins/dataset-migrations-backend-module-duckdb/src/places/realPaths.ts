import { lstat, realpath, stat } from 'fs/promises';
import path from 'path';
import { InputError, NotAllowedError, isError } from '@backstage/errors';
import { Root } from '../config/readSettings';
import { normalisePath } from './normalisePath';

/** A path below a root, with every symbolic link followed. */
export interface RealPath {
  /** The root itself. */
  root: string;
  /** Below the root; empty for the root itself. */
  segments: string[];
  /** All of it. */
  absolute: string;
}

/**
 * Follows every symbolic link of a path below a root. What does not exist yet
 * is taken as it is written.
 *
 * @throws NotAllowedError when it leads out of the root
 */
export async function realPathBelow(
  root: Root,
  segments: string[],
): Promise<RealPath> {
  const realRoot = await realpath(root.path).catch(() => {
    throw new InputError(`The root '${root.name}' is no folder on this worker`);
  });
  const absolute = await realPathOfExisting(path.join(realRoot, ...segments));
  const relative = path.relative(realRoot, absolute);
  if (relative.split(path.sep)[0] === '..' || path.isAbsolute(relative)) {
    throw new NotAllowedError(
      `The path '${segments.join('/')}' leads out of the root '${
        root.name
      }' by a symbolic link`,
    );
  }
  return {
    root: realRoot,
    segments: relative === '' ? [] : normalisePath(relative),
    absolute,
  };
}

/** What stands at a path, undefined for nothing. */
export async function entryKind(
  absolute: string,
): Promise<'file' | 'folder' | undefined> {
  try {
    const stats = await stat(absolute);
    if (stats.isDirectory()) {
      return 'folder';
    }
    if (!stats.isFile()) {
      throw new InputError(
        `'${path.basename(absolute)}' is neither a file nor a folder`,
      );
    }
    return 'file';
  } catch (error) {
    if (isMissing(error)) {
      return undefined;
    }
    throw error;
  }
}

/** Whether an error of the file system says that there is nothing. */
export function isMissing(error: unknown): boolean {
  return (
    isError(error) && (error.code === 'ENOENT' || error.code === 'ENOTDIR')
  );
}

async function realPathOfExisting(absolute: string): Promise<string> {
  try {
    return await realpath(absolute);
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
  }
  const dangling = await lstat(absolute).then(
    () => true,
    () => false,
  );
  if (dangling) {
    throw new NotAllowedError(
      `'${path.basename(absolute)}' is a symbolic link that leads nowhere`,
    );
  }
  const parent = await realPathOfExisting(path.dirname(absolute));
  return path.join(parent, path.basename(absolute));
}
