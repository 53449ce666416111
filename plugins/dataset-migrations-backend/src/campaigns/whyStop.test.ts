import { campaignDatasetStates } from '@skein/backstage-plugin-dataset-migrations-common';
import { CampaignCounts } from '../database/operations/campaigns/countCampaignDatasets';
import { CampaignRecord } from './types';
import { whyStop } from './whyStop';

const none = Object.fromEntries(
  campaignDatasetStates.map(state => [state, 0]),
) as CampaignCounts;

/** A campaign with this stop rule. */
const stopsAt = (stop: CampaignRecord['request']['stop']) =>
  ({ request: { stop } } as CampaignRecord);

describe('whyStop', () => {
  it('stops at a rate of 0 when any failed, and not before', () => {
    const campaign = stopsAt({ failureRate: 0 });
    expect(whyStop(campaign, { ...none, succeeded: 30 })).toBeUndefined();
    expect(whyStop(campaign, { ...none, succeeded: 30, failed: 1 })).toBe(
      '1 of 31 migrations failed; it stops at 0 %',
    );
  });
});
