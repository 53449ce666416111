import { lstat } from 'fs/promises';
import { ConflictError } from '@backstage/errors';
import { SourceChangedError } from '@skein/backstage-plugin-dataset-migrations-node';
import { dataFiles } from '../places/dataFiles';
import { Place } from '../places/Place';
import { Manifest, ManifestFile, currentVersion } from './manifest';
import {
  changedFiles,
  describeFile,
  nameSome,
  relativePath,
  resolveFile,
} from './manifestFiles';

/** A file that a run reads, with what would show that it was replaced. */
export type SourceFile = ManifestFile & { inode: string };

/**
 * The files that are the dataset now: those of the current version, or, where
 * no version is current, the files that are there.
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
 * What happened to the source since a run was prepared.
 *
 * @returns the paths that were written, replaced, added or removed
 */
export async function sourceChanges(
  place: Place,
  manifest: Manifest | undefined,
  planned: SourceFile[],
): Promise<string[]> {
  const now = new Set(
    currentVersion(manifest)?.files.map(({ path }) => path) ??
      (await dataFiles(place)).map(file => relativePath(place.folder, file)),
  );
  const before = new Set(planned.map(({ path }) => path));
  return [
    ...[...now].filter(path => !before.has(path)),
    ...planned.map(({ path }) => path).filter(path => !now.has(path)),
    ...(await changedSources(place, planned)).filter(path => now.has(path)),
  ];
}

/** @throws SourceChangedError naming what {@link sourceChanges} finds */
export async function assertSourceUnchanged(
  place: Place,
  manifest: Manifest | undefined,
  planned: SourceFile[],
): Promise<void> {
  const changes = await sourceChanges(place, manifest, planned);
  if (changes.length > 0) {
    throw new SourceChangedError(
      `The source was written while it was migrated: ${nameSome(changes)}`,
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
  const current = currentVersion(manifest)?.version ?? manifest?.published;
  if (current !== undefined && current !== version) {
    throw new ConflictError(
      `The files say that ${current} is current, not ${version}`,
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
