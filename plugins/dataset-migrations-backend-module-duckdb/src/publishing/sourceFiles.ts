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

/** The paths of what {@link sourceFiles} describes, without looking at the files. */
export async function sourcePaths(
  place: Place,
  manifest: Manifest | undefined,
): Promise<string[]> {
  return (
    currentVersion(manifest)?.files.map(({ path }) => path) ??
    (await dataFiles(place)).map(file => relativePath(place.folder, file))
  );
}

/**
 * What of the files that a run has read is not there any more as it was.
 *
 * @returns the paths that were written, replaced or removed
 */
export async function lostSources(
  place: Place,
  manifest: Manifest | undefined,
  read: SourceFile[],
): Promise<string[]> {
  const now = new Set(await sourcePaths(place, manifest));
  return [
    ...read.map(({ path }) => path).filter(path => !now.has(path)),
    ...(await changedSources(place, read)).filter(path => now.has(path)),
  ];
}

/** @throws SourceChangedError naming what {@link lostSources} finds */
export async function assertNothingLost(
  place: Place,
  manifest: Manifest | undefined,
  read: SourceFile[],
): Promise<void> {
  const lost = await lostSources(place, manifest, read);
  if (lost.length > 0) {
    throw new SourceChangedError(
      `Files of the source were written or removed while it was migrated: ${nameSome(
        lost,
      )}`,
    );
  }
}

/** A file of the source as it stands now. */
export async function describeSource(
  place: Place,
  path: string,
): Promise<SourceFile> {
  const file = resolveFile(place.folder, { path, bytes: 0, modified: '' });
  const entry = await describeFile(place.folder, file);
  return { ...entry, inode: await inodeOf(place, entry) };
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
