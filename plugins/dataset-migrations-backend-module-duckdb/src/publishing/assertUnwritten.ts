import { ConflictError } from '@backstage/errors';
import { dataFiles } from '../places/dataFiles';
import { Place } from '../places/Place';
import { ManifestFile, ManifestVersion } from './manifest';
import { changedFiles, nameSome, relativePath } from './manifestFiles';

/**
 * Makes sure that a version is what the migration knows of it, before it is
 * taken from readers.
 *
 * @param known - its files as the migration wrote or read them
 * @param beside - whether the files beside those count: they do where the
 *   version was all that the folder held
 * @throws ConflictError when an application wrote since: a new list of files, a
 *   file in place, or a file beside those that were there before any migration
 */
export async function assertUnwritten(
  place: Place,
  version: ManifestVersion,
  known: ManifestFile[],
  { beside }: { beside: boolean },
): Promise<void> {
  const paths = new Set(known.map(file => file.path));
  const listed = version.files.map(file => file.path);
  const there = beside
    ? (await dataFiles(place)).map(file => relativePath(place.folder, file))
    : [];
  const written = [
    ...[...listed, ...there].filter(path => !paths.has(path)),
    ...[...paths].filter(path => !listed.includes(path)),
    ...(await changedFiles(place.folder, known)),
  ];
  if (written.length > 0) {
    throw new ConflictError(
      `Version ${
        version.version
      } was written since the cut over, which would be lost: ${nameSome([
        ...new Set(written),
      ])}`,
    );
  }
}
