import {
  CampaignDatasetState,
  CampaignState,
  CampaignSummary,
  retriedDatasetStates,
} from '@skein/backstage-plugin-dataset-migrations-common';

const endedStates: readonly CampaignState[] = [
  'finished',
  'cancelled',
  'failed',
];

/** Whether a campaign may still change by itself, or by what its migrations do. */
export function isOngoing(state: CampaignState): boolean {
  return !endedStates.includes(state);
}

/** States of a dataset from which it goes no further by itself. */
export const endedDatasetStates: readonly CampaignDatasetState[] = [
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
  'excluded',
];

/** Datasets with which a campaign is through, one way or the other. */
export function countEnded(campaign: CampaignSummary): number {
  return sum(campaign, endedDatasetStates);
}

/** Datasets that `retry-failed` begins anew. */
export function countRetried(campaign: CampaignSummary): number {
  return sum(campaign, retriedDatasetStates);
}

function sum(
  { counts }: CampaignSummary,
  states: readonly CampaignDatasetState[],
): number {
  return states.reduce((total, state) => total + counts[state], 0);
}
