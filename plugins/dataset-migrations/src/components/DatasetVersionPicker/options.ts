import { DatasetVersionPicker } from './DatasetVersionPicker';
import { validateDatasetVersion } from './validateDatasetVersion';

/** What both frontend systems are told about the field. Templates name it in `ui:field`. */
export const datasetVersionPickerOptions = {
  name: 'DatasetVersionPicker',
  component: DatasetVersionPicker,
  validation: validateDatasetVersion,
};
