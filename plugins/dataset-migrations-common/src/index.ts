/**
 * Words, types, states, permissions and the API client of dataset migrations.
 * Isomorphic; what plans are made with lives in the entry point `./planning`.
 *
 * @packageDocumentation
 */
export * from './agents/types';
export { type CampaignsApi } from './api/campaigns';
export * from './api/client';
export * from './api/DatasetMigrationsApi';
export * from './api/refusesMigration';
export { type ClientOptions, type RequestOptions } from './api/RestClient';
export * from './api/types/acceptedChanges';
export * from './api/types/datasets';
export * from './api/types/deliveries';
export * from './api/types/migrations';
export * from './api/types/page';
export * from './api/types/plans';
export * from './api/types/queue';
export * from './api/types/reach';
export * from './api/types/readiness';
export * from './api/types/verification';
export * from './api/types/webhooks';
export * from './campaigns/campaignStates';
export * from './campaigns/timeWindows';
export * from './campaigns/types';
export * from './changes/acceptedChanges';
export * from './changes/kinds';
export * from './changes/rules';
export * from './changes/types';
export {
  describeEvidence,
  isFollower,
  isKnownInFull,
  nameEvidence,
} from './compatibility/evidence';
export { describeSilence } from './compatibility/silence';
export * from './compatibility/types';
export * from './contracts/columnName';
export * from './contracts/formatFieldType';
export * from './contracts/objects';
export * from './contracts/types';
export * from './expressions/types';
export * from './mapping/types';
export * from './permissions';
export * from './plan/types';
export * from './rules/types';
export * from './states/migrationStates';
export * from './states/types';
