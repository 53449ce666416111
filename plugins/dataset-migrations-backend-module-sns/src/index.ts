/**
 * Tells of dataset migrations through Amazon SNS.
 *
 * @packageDocumentation
 */
export { datasetMigrationsModuleSns as default } from './module';
