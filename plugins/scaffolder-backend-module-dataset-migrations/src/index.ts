/**
 * Scaffolder actions that migrate datasets: `dataset:migrate` and
 * `dataset:consumers`.
 *
 * @packageDocumentation
 */
export { scaffolderModuleDatasetMigrations as default } from './module';
export { createMigrateAction } from './actions/createMigrateAction';
export type {
  MigrateActionInput,
  MigrateActionOptions,
  MigrateActionOutput,
} from './actions/createMigrateAction';
export { createConsumersAction } from './actions/createConsumersAction';
export type {
  ConsumersActionInput,
  ConsumersActionOutput,
} from './actions/createConsumersAction';
