import { EngineContext } from '../EngineContext';
import { Place } from '../places/Place';
import { journalFolders, writtenFolders } from '../publishing/runFolders';

/**
 * Removes what all tries of a migration wrote, except manifests. The journal
 * goes first: parts without one do not exist for anybody.
 */
export async function removeRun(
  { files }: EngineContext,
  place: Place,
  migrationId: string,
): Promise<void> {
  for (const folder of await journalFolders(place, migrationId)) {
    await files.remove(folder);
  }
  for (const { folder, id } of await writtenFolders(place)) {
    if (id === migrationId) {
      await files.remove(folder);
    }
  }
}
