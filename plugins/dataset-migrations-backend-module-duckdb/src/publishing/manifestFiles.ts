import { lstat } from 'fs/promises';
import path from 'path';
import { InputError } from '@backstage/errors';
import { isMissing } from '../places/realPaths';
import { ManifestFile } from './manifest';

/** How a manifest names a file: relative to the folder that holds `_skein`. */
export function relativePath(folder: string, file: string): string {
  return path.relative(folder, file).split(path.sep).join('/');
}

/** Paths for a message, the first few of them. */
export function nameSome(paths: string[]): string {
  const rest = paths.length - 5;
  return `${paths.slice(0, 5).join(', ')}${
    rest > 0 ? ` and ${rest} more` : ''
  }`;
}

/** A manifest's entry for a file as it stands now. */
export async function describeFile(
  folder: string,
  file: string,
  rows?: number,
): Promise<ManifestFile> {
  const stats = await lstat(file, { bigint: true });
  if (!stats.isFile()) {
    throw new InputError(
      `'${path.basename(
        file,
      )}' is no plain file; a dataset holds real files only`,
    );
  }
  return {
    path: relativePath(folder, file),
    bytes: Number(stats.size),
    modified: String(stats.mtimeNs),
    ...(rows === undefined ? {} : { rows }),
  };
}

/**
 * @returns the absolute path
 * @throws InputError when the entry leads out of the folder
 */
export function resolveFile(folder: string, file: ManifestFile): string {
  const absolute = path.resolve(folder, file.path);
  if (!absolute.startsWith(folder + path.sep)) {
    throw new InputError(`A manifest names '${file.path}', outside its folder`);
  }
  return absolute;
}

/**
 * Compares files with what a manifest or a journal says of them.
 *
 * @returns the paths that were written, replaced or removed since
 */
export async function changedFiles(
  folder: string,
  files: ManifestFile[],
): Promise<string[]> {
  const changed: string[] = [];
  for (const file of files) {
    try {
      const now = await describeFile(folder, resolveFile(folder, file));
      if (now.bytes !== file.bytes || now.modified !== file.modified) {
        changed.push(file.path);
      }
    } catch (error) {
      if (!isMissing(error)) {
        throw error;
      }
      changed.push(file.path);
    }
  }
  return changed;
}
