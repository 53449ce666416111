import { DatasetSummary } from '@skein/backstage-plugin-dataset-migrations-common';

/** The versions a dataset can be migrated to, the next one first. */
export function targetVersions(dataset: DatasetSummary): string[] {
  const proposed = dataset.versions
    .filter(version => version.state === 'proposed')
    .map(version => version.version);
  return proposed.sort(
    (a, b) =>
      Number(b === dataset.nextVersion) - Number(a === dataset.nextVersion),
  );
}
