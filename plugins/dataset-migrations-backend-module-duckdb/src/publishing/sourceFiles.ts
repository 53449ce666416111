import { lstat } from 'fs/promises';
import { ConflictError } from '@backstage/errors';
import { SourceChangedError } from '@skein/backstage-plugin-dataset-migrations-node';
import { dataFiles } from '../places/dataFiles';
import { Place } from '../places/Place';
import { Manifest, ManifestFile, currentVersion } from './manifest';
import { changedFiles, describeFile, resolveFile } from './manifestFiles';

/** A file that a run reads, with what would show that it was replaced. */
export type SourceFile = ManifestFile & { inode: string };

/**
 * The files that are the dataset now: those of the current version, or, before
 * anything was published, the files that are there.
 */
export async function sourceFiles(
  place: Place,
  manifest: Manifest | undefined,
): Promise<SourceFile[]> {
  const current = currentVersion(manifest);
  const files =
    current?.files ??
    (await Promise.all(
      (await dataFiles(place)).map(file => describeFile(place.folder, file)),
    ));
  return Promise.all(
    files.map(async file => ({ ...file, inode: await inodeOf(place, file) })),
  );
}

/** Without what is true of this machine only. */
export function toManifestFiles(files: SourceFile[]): ManifestFile[] {
  return files.map(({ inode, ...file }) => file);
}

/**
 * @throws SourceChangedError when a file was written, replaced, added or
 *   removed since the run was prepared
 */
export async function assertSourceUnchanged(
  place: Place,
  manifest: Manifest | undefined,
  planned: SourceFile[],
): Promise<void> {
  const now = new Map(
    currentVersion(manifest)?.files.map(file => [file.path, file] as const) ??
      (await dataFiles(place).then(files =>
        Promise.all(
          files.map(async file => {
            const found = await describeFile(place.folder, file);
            return [found.path, found] as const;
          }),
        ),
      )),
  );
  const added = [...now.keys()].filter(
    path => !planned.some(file => file.path === path),
  );
  const removed = planned
    .filter(file => !now.has(file.path))
    .map(file => file.path);
  const changed = await changedSources(place, planned);
  const all = [...new Set([...added, ...removed, ...changed])];
  if (all.length > 0) {
    throw new SourceChangedError(
      `The source was written while it was migrated: ${all
        .slice(0, 5)
        .join(', ')}${all.length > 5 ? ` and ${all.length - 5} more` : ''}`,
    );
  }
}

/** The planned files that are not what they were. */
export async function changedSources(
  place: Place,
  planned: SourceFile[],
): Promise<string[]> {
  const changed = await changedFiles(place.folder, planned);
  for (const file of planned) {
    if (
      !changed.includes(file.path) &&
      (await inodeOf(place, file)) !== file.inode
    ) {
      changed.push(file.path);
    }
  }
  return changed;
}

/** @throws ConflictError when a migration may not begin from that version */
export function assertCurrent(
  manifest: Manifest | undefined,
  version: string,
): void {
  const current = currentVersion(manifest);
  if (current && current.version !== version) {
    throw new ConflictError(
      `The files say that ${current.version} is current, not ${version}`,
    );
  }
  const other = manifest?.versions.find(({ state }) => state === 'coexisting');
  if (other) {
    throw new ConflictError(
      `Version ${other.version} still coexists with ${version}; one of them must be retired first`,
    );
  }
}

async function inodeOf(place: Place, file: ManifestFile): Promise<string> {
  const stats = await lstat(resolveFile(place.folder, file), { bigint: true });
  return String(stats.ino);
}
