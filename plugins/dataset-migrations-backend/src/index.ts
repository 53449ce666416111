/**
 * The control plane of dataset migrations: API, queue, pipeline, outbox.
 *
 * @packageDocumentation
 */
export { datasetMigrationsPlugin as default } from './plugin';
export {
  createConsumerConditionalDecision,
  createDatasetConditionalDecision,
  datasetConsumersConditions,
  datasetMigrationsConditions,
  decideDatasetPermission,
} from './permissions/policy';
export {
  consumerPermissionResourceRef,
  type ConsumerPermissionResource,
} from './permissions/consumerRules';
export {
  datasetPermissionResourceRef,
  type DatasetPermissionFilter,
  type DatasetPermissionResource,
} from './permissions/rules';
export { LivenessChecks, type LivenessCheck } from './liveness/LivenessChecks';
export {
  livenessChecksServiceRef,
  rootHealthServiceFactory,
} from './liveness/services';
