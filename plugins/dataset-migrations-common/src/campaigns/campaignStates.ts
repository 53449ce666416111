import { CampaignAction, CampaignDatasetState, CampaignState } from './types';

/**
 * The state into which each action of a person brings a campaign, from the
 * states in which it may be taken.
 *
 * @public
 */
export const campaignActions: Readonly<
  Record<CampaignAction, { from: readonly CampaignState[]; to: CampaignState }>
> = {
  start: { from: ['planned'], to: 'running' },
  pause: { from: ['running'], to: 'paused' },
  resume: { from: ['paused'], to: 'running' },
  cancel: {
    from: ['planning', 'planned', 'running', 'paused'],
    to: 'cancelling',
  },
  'retry-failed': { from: ['running', 'paused', 'finished'], to: 'running' },
};

/**
 * States of a dataset in a campaign, in the order in which it goes through them.
 *
 * @public
 */
export const campaignDatasetStates: readonly CampaignDatasetState[] = [
  'pending',
  'waiting',
  'active',
  'blocked',
  'succeeded',
  'failed',
  'cancelled',
  'skipped',
  'excluded',
];

/**
 * What `retry-failed` begins anew.
 *
 * @public
 */
export const retriedDatasetStates: readonly CampaignDatasetState[] = [
  'failed',
  'cancelled',
  'skipped',
];
