import { readdir } from 'fs/promises';
import path from 'path';
import { InputError } from '@backstage/errors';
import { formatByName } from './fileFormats';
import { isHidden, segmentMatcher } from './glob';
import { FormatName, PlaceObject } from './Place';
import { entryKind } from './realPaths';

/** An object of files, wherever its folder is. */
export interface FilesObject {
  folder: string;
  object: PlaceObject;
  format: FormatName;
}

/**
 * The files that are the dataset before its first migration.
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
      return (await filesIn(folder, matches)).sort(byCodeUnits);
    }
    default:
      return (await walk(folder, object.pattern)).sort(byCodeUnits);
  }
}

/**
 * Subfolders that hold files of the format, which a dataset that is the folder
 * would silently leave out.
 */
export async function subfoldersWithData(
  place: FilesObject,
): Promise<string[]> {
  if (place.object.kind !== 'folder') {
    return [];
  }
  const found: string[] = [];
  for (const name of await foldersIn(place.folder, () => true)) {
    const names = await readdir(path.join(place.folder, name));
    if (names.some(inner => formatByName(inner) === place.format)) {
      found.push(name);
    }
  }
  return found;
}

async function walk(folder: string, pattern: string[]): Promise<string[]> {
  const [first, ...rest] = pattern;
  const matches = segmentMatcher(first);
  if (rest.length === 0) {
    return filesIn(folder, matches);
  }
  const names = await foldersIn(folder, matches);
  const nested = await Promise.all(
    names.map(name => walk(path.join(folder, name), rest)),
  );
  return nested.flat();
}

async function filesIn(
  folder: string,
  matches: (name: string) => boolean,
): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await entriesOf(folder)) {
    if (isHidden(entry.name) || !matches(entry.name)) {
      continue;
    }
    if (entry.isSymbolicLink()) {
      throw new InputError(
        `'${entry.name}' is a symbolic link; a dataset holds real files only`,
      );
    }
    if (entry.isFile()) {
      found.push(path.join(folder, entry.name));
    }
  }
  return found;
}

async function foldersIn(
  folder: string,
  matches: (name: string) => boolean,
): Promise<string[]> {
  return (await entriesOf(folder))
    .filter(
      entry =>
        entry.isDirectory() && !isHidden(entry.name) && matches(entry.name),
    )
    .map(entry => entry.name);
}

async function entriesOf(folder: string) {
  return (await entryKind(folder)) === 'folder'
    ? readdir(folder, { withFileTypes: true })
    : [];
}

function byCodeUnits(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}
