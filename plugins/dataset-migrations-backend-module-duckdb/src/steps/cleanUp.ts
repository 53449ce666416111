import path from 'path';
import { ConflictError } from '@backstage/errors';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { Place } from '../places/Place';
import { isStaged } from '../publishing/DurableFiles';
import { Manifest } from '../publishing/manifest';
import { manifestFolder } from '../publishing/readManifest';
import {
  entriesOf,
  journalFolders,
  writtenFolders,
} from '../publishing/runFolders';
import { openRun, recordOf, withPhase } from './openRun';
import { heldBy, removeUnheld } from './removeUnheld';

/**
 * Forgets the old version that was kept for a roll back, and removes what no
 * manifest needs any more. Files that were there before the first migration are
 * not ours to delete: they stay, named by no version.
 */
export async function cleanUp(
  context: EngineContext,
  run: EngineRun,
): Promise<void> {
  const { place, log } = await openRun(context, run);
  const manifest = await log.append(run.fence, before => {
    const record = recordOf(before, run);
    if (!before || !record || record.phase === 'cleaned-up') {
      return undefined;
    }
    if (before.versions.some(({ state }) => state === 'coexisting')) {
      throw new ConflictError(
        `Version ${run.fromVersion} still coexists with ${run.toVersion}; it must be retired first`,
      );
    }
    return {
      event: 'cleaned-up',
      versions: before.versions.filter(
        version =>
          version.keptFor !== run.migrationId &&
          !(
            version.state === 'withdrawn' &&
            version.writtenBy === run.migrationId
          ),
      ),
      migrations: withPhase(before, run, 'cleaned-up'),
    };
  });
  await log.hold(run.fence);
  await sweep(context, place, manifest, run.fence);
  if (recordOf(manifest, run)) {
    for (const folder of await journalFolders(place, run.migrationId)) {
      await context.files.remove(folder);
    }
  }
}

/**
 * Removes every part of finished or abandoned migrations that no version holds,
 * rows in quarantine that came back with a roll back, and staged manifests that
 * nobody finished. Other rows in quarantine stay: there is no other copy of
 * them. A migration that is under way has a journal and is not finished; its
 * parts stay. So do those of later tokens: what is known here may be old by now,
 * as this worker may have stood still since it looked.
 */
async function sweep(
  { files }: EngineContext,
  place: Place,
  manifest: Manifest,
  fence: number,
): Promise<void> {
  const finished = new Set(manifest.migrations.map(({ id }) => id));
  const held = heldBy(place, manifest);
  for (const { folder, id, token } of await writtenFolders(place)) {
    const over =
      finished.has(id) || (await journalFolders(place, id)).length === 0;
    if (over && token <= fence) {
      await removeUnheld(files, folder, held);
    }
  }
  const manifests = manifestFolder(place.state);
  for (const name of (await entriesOf(manifests)).filter(isStaged)) {
    await files.remove(path.join(manifests, name));
  }
}
