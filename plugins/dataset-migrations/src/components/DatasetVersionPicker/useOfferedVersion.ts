import { useEffect, useRef, useState } from 'react';
import { Dataset } from '@skein/backstage-plugin-dataset-migrations-common';
import { targetVersions } from '../shared/targetVersions';

/**
 * Keeps the value of the field to what the dataset offers. The next version is
 * chosen as long as nobody has chosen another one. A choice that the dataset
 * does not offer is cleared, and not replaced by one that nobody made.
 *
 * @returns the choice that was cleared, until there is another one
 */
export function useOfferedVersion(options: {
  datasetRef: string;
  /** Undefined while it loads. */
  dataset: Dataset | undefined;
  value: string | undefined;
  onChange(version: string | undefined): void;
}): string | undefined {
  const { datasetRef, dataset, value, onChange } = options;
  const preselected = useRef<{ datasetRef?: string; version?: string }>({});
  const [cleared, setCleared] = useState<{ from: string; version: string }>();

  useEffect(() => {
    if (!dataset) {
      return;
    }
    const isNew = preselected.current.datasetRef !== datasetRef;
    const isOurs = value === preselected.current.version;
    if (isNew && (value === undefined || isOurs)) {
      preselected.current = { datasetRef, version: dataset.nextVersion };
      if (value !== dataset.nextVersion) {
        onChange(dataset.nextVersion);
      }
    } else if (
      value !== undefined &&
      !targetVersions(dataset).includes(value)
    ) {
      preselected.current = { datasetRef };
      setCleared({ from: datasetRef, version: value });
      onChange(undefined);
    }
  }, [datasetRef, dataset, value, onChange]);

  return value === undefined && cleared?.from === datasetRef
    ? cleared.version
    : undefined;
}
