import { createFormField } from '@backstage/plugin-scaffolder-react/alpha';
import { datasetVersionPickerOptions } from './options';
import { datasetVersionPickerSchema } from './schema';

/** The field as the new frontend system takes it. */
export const datasetVersionPickerFormField = createFormField({
  ...datasetVersionPickerOptions,
  schema: datasetVersionPickerSchema,
});
