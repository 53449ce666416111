export { datasetVersionPickerOptions } from './options';
export { datasetVersionPickerSchema } from './schema';
