import { readdir } from 'fs/promises';
import path from 'path';
import { isError } from '@backstage/errors';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { Place } from '../places/Place';
import { isMissing } from '../places/realPaths';
import { DurableFiles } from '../publishing/DurableFiles';
import { Manifest } from '../publishing/manifest';
import { resolveFile } from '../publishing/manifestFiles';
import { Part, writtenOf } from '../publishing/RunJournal';
import { writtenFolders } from '../publishing/runFolders';
import { OpenRun, openJournal } from './openRun';

/** The paths of everything that a manifest speaks of. */
export function heldBy(place: Place, manifest: Manifest): Set<string> {
  return new Set(
    [
      ...manifest.versions.flatMap(({ files: parts }) => parts),
      ...manifest.migrations.flatMap(({ setAside = [] }) => setAside),
    ].map(file => resolveFile(place.folder, file)),
  );
}

/** Removes from the folder of one try what is not held; all of it if nothing is. */
export async function removeUnheld(
  files: DurableFiles,
  folder: string,
  held: ReadonlySet<string>,
): Promise<void> {
  const parts = await filesBelow(folder);
  const stray = parts.filter(part => !held.has(part));
  const targets = stray.length === parts.length ? [folder] : stray;
  for (const target of targets) {
    await files.remove(target);
  }
}

/** What a file system says of what it will not let go, now or ever. */
const NOT_LET_GO = ['EACCES', 'EBUSY', 'ENOTEMPTY', 'EPERM'];

/**
 * Removes the parts of a published run that workers wrote who were killed before
 * they could journal them. Folders of later tokens belong to whoever took over;
 * what cannot be removed is left to the clean up, as the run is published.
 */
export async function removeStrays(
  context: EngineContext,
  open: OpenRun,
  run: EngineRun,
): Promise<void> {
  const { place, log } = open;
  const manifest = await log.hold(run.fence);
  const journal = await openJournal(context, open, run);
  const held = heldBy(place, manifest);
  for (const part of writtenOf(await journal.slices())) {
    held.add(resolveFile(place.folder, part));
  }
  for (const { folder, id, token } of await writtenFolders(place)) {
    if (id === run.migrationId && token <= run.fence) {
      try {
        await removeUnheld(context.files, folder, held);
      } catch (error) {
        if (!isError(error) || !NOT_LET_GO.includes(String(error.code))) {
          throw error;
        }
        run.logger.warn(
          `Parts that nobody needs are left in ${run.location.display} until it is cleaned up: ${error.code}`,
        );
      }
    }
  }
}

/**
 * Runs what must pass before parts may be journaled; where it does not, they
 * are removed: nobody else will, once the run is over.
 */
export async function orRemove(
  { files }: EngineContext,
  place: Place,
  parts: Part[],
  check: () => Promise<unknown>,
): Promise<void> {
  try {
    await check();
  } catch (error) {
    for (const part of parts) {
      // The error that matters is the first.
      await files.remove(resolveFile(place.folder, part)).catch(() => {});
    }
    throw error;
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    const found = await readdir(folder, {
      recursive: true,
      withFileTypes: true,
    });
    return found
      .filter(entry => entry.isFile())
      .map(entry => path.join(entry.parentPath, entry.name));
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw error;
  }
}
