import { Dirent } from 'fs';
import { readdir } from 'fs/promises';
import path from 'path';
import { InputError } from '@backstage/errors';
import { formatByName } from './fileFormats';
import { isHidden, segmentMatcher } from './glob';
import { parsePartition } from './partitions';
import { FormatName, PlaceObject } from './Place';
import { entryKind, isMissing } from './realPaths';

/** An object of files, wherever its folder is. */
export interface FilesObject {
  folder: string;
  object: PlaceObject;
  format: FormatName;
}

/**
 * The files that are the dataset before its first migration. A folder's are
 * those in it and in its partitions, `year=2024/month=01/...`.
 *
 * @returns absolute paths, sorted by code units, as every reader sorts them
 * @throws InputError for a symbolic link among them: what it leads to may
 *   belong to others
 */
export async function dataFiles(place: FilesObject): Promise<string[]> {
  const { folder, object, format } = place;
  switch (object.kind) {
    case 'file': {
      const file = path.join(folder, object.name);
      return (await entryKind(file)) === 'file' ? [file] : [];
    }
    case 'folder': {
      const matches = (name: string) => formatByName(name) === format;
      return (await filesBelow(folder, matches)).sort(byCodeUnits);
    }
    default:
      return (await walk(folder, object.pattern)).sort(byCodeUnits);
  }
}

/**
 * Subfolders, other than partitions, that hold files of the format, which a dataset that is the folder
 * would silently leave out.
 */
export async function subfoldersWithData(
  place: FilesObject,
): Promise<string[]> {
  if (place.object.kind !== 'folder') {
    return [];
  }
  const look = async (folder: string): Promise<string[]> => {
    const found: string[] = [];
    for (const name of foldersAmong(await entriesOf(folder), () => true)) {
      const inner = path.join(folder, name);
      if (parsePartition(name)) {
        found.push(...(await look(inner)));
      } else if (
        (await readdir(inner)).some(file => formatByName(file) === place.format)
      ) {
        found.push(path.relative(place.folder, inner));
      }
    }
    return found;
  };
  return look(place.folder);
}

async function filesBelow(
  folder: string,
  matches: (name: string) => boolean,
): Promise<string[]> {
  const entries = await entriesOf(folder);
  const found = filesAmong(entries, matches).map(name =>
    path.join(folder, name),
  );
  const partitions = foldersAmong(
    entries,
    name => parsePartition(name) !== undefined,
  );
  for (const name of partitions) {
    found.push(...(await filesBelow(path.join(folder, name), matches)));
  }
  return found;
}

async function walk(folder: string, pattern: string[]): Promise<string[]> {
  const [first, ...rest] = pattern;
  const matches = segmentMatcher(first);
  const entries = await entriesOf(folder);
  if (rest.length === 0) {
    return filesAmong(entries, matches).map(name => path.join(folder, name));
  }
  const nested = await Promise.all(
    foldersAmong(entries, matches).map(name =>
      walk(path.join(folder, name), rest),
    ),
  );
  return nested.flat();
}

function filesAmong(
  entries: Dirent[],
  matches: (name: string) => boolean,
): string[] {
  const found = entries.filter(({ name }) => !isHidden(name) && matches(name));
  const link = found.find(entry => entry.isSymbolicLink());
  if (link) {
    throw new InputError(
      `'${link.name}' is a symbolic link; a dataset holds real files only`,
    );
  }
  return found.filter(entry => entry.isFile()).map(({ name }) => name);
}

function foldersAmong(
  entries: Dirent[],
  matches: (name: string) => boolean,
): string[] {
  const found = entries.filter(({ name }) => !isHidden(name) && matches(name));
  const link = found.find(
    entry => entry.isSymbolicLink() && parsePartition(entry.name),
  );
  if (link) {
    throw new InputError(
      `'${link.name}' is a symbolic link; a dataset holds real folders only`,
    );
  }
  return found.filter(entry => entry.isDirectory()).map(({ name }) => name);
}

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (error) {
    if (!isMissing(error)) {
      throw error;
    }
    // Nothing, or a file; what is neither is refused.
    await entryKind(folder);
    return [];
  }
}

function byCodeUnits(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
