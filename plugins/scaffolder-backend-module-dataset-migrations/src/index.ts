/**
 * Scaffolder actions that migrate datasets: `dataset:migrate`,
 * `dataset:consumers` and `dataset:campaign`.
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
export { createCampaignAction } from './actions/createCampaignAction';
export type {
  CampaignActionInput,
  CampaignActionOutput,
  Plain,
} from './actions/createCampaignAction';
