import { readdir } from 'fs/promises';
import path from 'path';
import { ConflictError } from '@backstage/errors';
import { EngineRun } from '@skein/backstage-plugin-dataset-migrations-node';
import { EngineContext } from '../EngineContext';
import { Place } from '../places/Place';
import { isStaged } from '../publishing/DurableFiles';
import { Manifest } from '../publishing/manifest';
import { resolveFile } from '../publishing/manifestFiles';
import { manifestFolder } from '../publishing/readManifest';
import {
  entriesOf,
  journalFolders,
  writtenFolders,
} from '../publishing/runFolders';
import { openRun, recordOf, withPhase } from './openRun';

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
  await sweep(context, place, manifest);
  if (recordOf(manifest, run)) {
    for (const folder of await journalFolders(place, run.migrationId)) {
      await context.files.remove(folder);
    }
  }
}

/**
 * Removes every part of finished migrations that no version holds, rows in
 * quarantine that came back with a roll back, and staged manifests that nobody
 * finished. Other rows in quarantine stay: there is no other copy of them. Parts of a migration that is under way belong
 * to no finished one, and stay.
 */
async function sweep(
  { files }: EngineContext,
  place: Place,
  manifest: Manifest,
): Promise<void> {
  const finished = new Set(manifest.migrations.map(({ id }) => id));
  const held = new Set(
    [
      ...manifest.versions.flatMap(({ files: parts }) => parts),
      ...manifest.migrations.flatMap(({ setAside = [] }) => setAside),
    ].map(file => resolveFile(place.folder, file)),
  );
  for (const { folder, id } of await writtenFolders(place)) {
    if (!finished.has(id)) {
      continue;
    }
    const parts = await filesBelow(folder);
    const needed = parts.filter(part => held.has(part));
    const targets =
      needed.length > 0 ? parts.filter(part => !held.has(part)) : [folder];
    for (const target of targets) {
      await files.remove(target);
    }
  }
  const manifests = manifestFolder(place.state);
  for (const name of (await entriesOf(manifests)).filter(isStaged)) {
    await files.remove(path.join(manifests, name));
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter(entry => entry.isFile())
    .map(entry => path.join(entry.parentPath, entry.name));
}
