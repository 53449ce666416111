import { readdir } from 'fs/promises';
import path from 'path';
import { InputError } from '@backstage/errors';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { Place } from '../places/Place';
import { isMissing } from '../places/realPaths';

/** Where the parts of all tries of all migrations are. */
export function versionsFolder(place: Place): string {
  return path.join(place.state, 'versions');
}

/** Where the holder of a token writes the parts of a run. */
export function partsFolder(place: Place, run: EngineRun): string {
  return folderOfTry(versionsFolder(place), run);
}

/** Where the rows are that were set aside by all tries of all migrations. */
export function quarantineFolder(place: Place): string {
  return path.join(place.state, 'quarantine');
}

/** Where the holder of a token writes the rows that a run sets aside. */
export function asideFolder(place: Place, run: EngineRun): string {
  return folderOfTry(quarantineFolder(place), run);
}

function folderOfTry(versions: string, run: EngineRun): string {
  return path.join(
    versions,
    safeName(run.toVersion),
    tryName(run.migrationId, run.fence),
  );
}

/** The folder that one try wrote into. */
export interface WrittenFolder {
  folder: string;
  /** Of the migration. */
  id: string;
  token: number;
}

/**
 * The folders of all tries, of parts and of rows that were set aside, with the
 * migration of each.
 */
export async function writtenFolders(place: Place): Promise<WrittenFolder[]> {
  return [
    ...(await foldersOfTries(versionsFolder(place))),
    ...(await foldersOfTries(quarantineFolder(place))),
  ];
}

async function foldersOfTries(versions: string): Promise<WrittenFolder[]> {
  const found = await Promise.all(
    (
      await entriesOf(versions)
    ).map(async version =>
      (
        await entriesOf(path.join(versions, version))
      ).flatMap(name => {
        const parsed = parseTryName(name);
        return parsed
          ? [{ ...parsed, folder: path.join(versions, version, name) }]
          : [];
      }),
    ),
  );
  return found.flat();
}

/** The folders of the journals of a migration. */
export async function journalFolders(
  place: Place,
  migrationId: string,
): Promise<string[]> {
  return (await entriesOf(runsFolder(place)))
    .filter(name => parseTryName(name)?.id === migrationId)
    .map(name => path.join(runsFolder(place), name));
}

/** Where the journals of all tries of all migrations are. */
export function runsFolder(place: Place): string {
  return path.join(place.state, 'runs');
}

/** The folder of one try, for parts and for the journal. */
export function tryName(migrationId: string, token: number): string {
  return `${safeName(migrationId)}-${token}`;
}

/** What such a folder's name says; undefined for another. */
export function parseTryName(
  name: string,
): { name: string; id: string; token: number } | undefined {
  const match = /^(.+)-(\d+)$/.exec(name);
  return match ? { name, id: match[1], token: Number(match[2]) } : undefined;
}

function safeName(name: string): string {
  if (!/^[a-z0-9][a-z0-9_.+-]{0,127}$/i.test(name)) {
    throw new InputError(
      `'${name.slice(0, 200)}' cannot be the name of a folder`,
    );
  }
  return name;
}

/** The names in a folder, sorted; none when it is not there. */
export async function entriesOf(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw error;
  }
}
