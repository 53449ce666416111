/**
 * Pages, tabs and cards of dataset migrations.
 *
 * @packageDocumentation
 */
export { datasetMigrationsApiRef } from './api';
export { isDataset, isDatasetConsumer } from './entities';
export { datasetMigrationsPlugin as default } from './plugin';
export {
  campaignRouteRef,
  createCampaignRouteRef,
  fleetRouteRef,
  migrateDatasetRouteRef,
  migrationRouteRef,
  rootRouteRef,
} from './routes';
