import { CustomFieldValidator } from '@backstage/plugin-scaffolder-react';
import { datasetMigrationsApiRef } from '../../api';
import { messageOf } from '../../errors';
import { targetVersions } from '../shared/targetVersions';
import { chosenDataset } from './chosenDataset';
import { datasetVersionPickerSchema } from './schema';

type Validator = CustomFieldValidator<
  typeof datasetVersionPickerSchema.TOutput,
  typeof datasetVersionPickerSchema.uiOptionsType
>;

/**
 * Refuses a version that the dataset does not offer, or no longer offers, and
 * any version while the dataset cannot be asked. Whether one is required is the
 * form's own question.
 */
export const validateDatasetVersion: Validator = async (
  version,
  field,
  { apiHolder, formData, uiSchema },
) => {
  if (version === undefined) {
    return;
  }
  const datasetRef = chosenDataset(formData, uiSchema?.['ui:options']);
  if (!datasetRef) {
    field.addError('Choose the dataset first');
    return;
  }
  try {
    // The plugin that brings this field brings its client, too.
    const api = apiHolder.get(datasetMigrationsApiRef)!;
    const dataset = await api.getDataset(datasetRef);
    const offered = targetVersions(dataset);
    if (!offered.includes(version)) {
      field.addError(
        `${dataset.title} does not offer version ${version}; ${
          offered.length > 0
            ? `it offers ${offered.join(', ')}`
            : 'it has no version to migrate to'
        }`,
      );
    }
  } catch (error) {
    field.addError(
      `Version ${version} of ${datasetRef} could not be checked: ${messageOf(
        error,
      )}`,
    );
  }
};
