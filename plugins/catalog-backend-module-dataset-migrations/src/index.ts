/**
 * Validates contracts and dataset declarations when the catalog reads them.
 *
 * @packageDocumentation
 */
export { catalogModuleDatasetMigrations as default } from './module';
export * from './relations';
