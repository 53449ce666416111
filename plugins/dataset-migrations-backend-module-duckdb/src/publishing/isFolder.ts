import { ManifestFile, ManifestVersion } from './manifest';
import { RunPlan } from './RunJournal';

/**
 * Whether the version that a migration began from was all that the folder held:
 * it was there before anything was published, and no application has published
 * a list in its place.
 *
 * @param files - what that migration read
 * @param plan - of that migration
 */
export function isFolder(
  version: ManifestVersion,
  files: ManifestFile[],
  plan: Pick<RunPlan, 'listed'>,
): boolean {
  const read = new Set(files.map(({ path }) => path));
  return (
    version.writtenBy === undefined &&
    !plan.listed &&
    version.files.length === read.size &&
    version.files.every(({ path }) => read.has(path))
  );
}
