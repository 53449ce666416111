import Button from '@material-ui/core/Button';
import {
  Dataset,
  DatasetVersion,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { useDataset } from '../../hooks/useDataset';
import { DatasetProblems } from '../shared/DatasetProblems';
import { InlineError } from '../shared/InlineError';
import { targetVersions } from '../shared/targetVersions';
import { DatasetVersionPickerProps } from './schema';
import { useOfferedVersion } from './useOfferedVersion';
import { VersionField, VersionOption } from './VersionField';

/** The versions that one dataset can be migrated to. */
export function DatasetVersions(props: {
  field: DatasetVersionPickerProps;
  datasetRef: string;
}) {
  const { field, datasetRef } = props;
  const { value: dataset, error, refresh } = useDataset(datasetRef);
  const cleared = useOfferedVersion({
    datasetRef,
    dataset,
    value: field.formData,
    onChange: field.onChange,
  });

  if (!dataset) {
    return (
      <VersionField
        field={field}
        options={[]}
        hint={
          error
            ? `The versions of ${datasetRef} could not be loaded.`
            : `Loading the versions of ${datasetRef}…`
        }
      >
        <InlineError error={error}>
          <Button color="inherit" size="small" onClick={refresh}>
            Try again
          </Button>
        </InlineError>
      </VersionField>
    );
  }
  const options = versionOptions(dataset);
  return (
    <VersionField
      field={field}
      options={options}
      hint={hintOf(dataset, options, cleared)}
    >
      {options.length === 0 && <DatasetProblems problems={dataset.problems} />}
    </VersionField>
  );
}

function versionOptions(dataset: Dataset): VersionOption[] {
  const statuses = new Map(
    dataset.versions.map(({ version, status }: DatasetVersion) => [
      version,
      status,
    ]),
  );
  return targetVersions(dataset).map(version => {
    const status = statuses.get(version)!;
    return {
      version,
      note: version === dataset.nextVersion ? `next, ${status}` : status,
    };
  });
}

function hintOf(
  dataset: Dataset,
  options: VersionOption[],
  cleared: string | undefined,
): string {
  const { title, currentVersion, activeMigration } = dataset;
  const now = currentVersion ? `${title} is at version ${currentVersion}` : '';
  if (options.length === 0) {
    const none = `${title} has no version to migrate to`;
    return currentVersion ? `${none}: it is at ${currentVersion}.` : `${none}.`;
  }
  if (cleared) {
    return `${title} does not offer version ${cleared}. Choose another one.`;
  }
  if (activeMigration) {
    return `A migration of ${title} is ${activeMigration.state}; another one can start when it is over.`;
  }
  return now && `${now}.`;
}
