import { useEffect } from 'react';
import { chosenDataset } from './chosenDataset';
import { DatasetVersions } from './DatasetVersions';
import { DatasetVersionPickerProps } from './schema';
import { VersionField } from './VersionField';

/**
 * A field of a scaffolder form that picks the version to which the dataset of
 * another field is migrated.
 */
export function DatasetVersionPicker(props: DatasetVersionPickerProps) {
  const datasetRef = chosenDataset(
    props.formContext?.formData,
    props.uiSchema['ui:options'],
  );
  return datasetRef ? (
    <DatasetVersions field={props} datasetRef={datasetRef} />
  ) : (
    <VersionOfNoDataset field={props} />
  );
}

/** Without a dataset there is nothing that a version could be of. */
function VersionOfNoDataset(props: { field: DatasetVersionPickerProps }) {
  const { field } = props;
  const { formData: value, onChange } = field;
  useEffect(() => {
    if (value !== undefined) {
      onChange(undefined);
    }
  }, [value, onChange]);
  return (
    <VersionField field={field} options={[]} hint="Choose the dataset first." />
  );
}
