import { CampaignDatasetState } from '@skein/backstage-plugin-dataset-migrations-common';
import { JsonObject } from '@backstage/types';
import { CloudEvent } from 'cloudevents';
import { CampaignRecord } from '../campaigns/types';
import { CampaignCounts } from '../database/operations/campaigns/countCampaignDatasets';
import { CampaignAnnouncementKind } from './types';

const said: Record<CampaignAnnouncementKind, string> = {
  finished: 'is finished',
  cancelled: 'was cancelled',
  waiting: 'waits for consumers',
};

const named: Array<[string, CampaignDatasetState[]]> = [
  ['succeeded', ['succeeded']],
  ['failed', ['failed']],
  ['blocked', ['blocked']],
  ['cancelled', ['cancelled']],
  ['waiting', ['pending', 'waiting', 'active']],
  ['left out', ['excluded', 'skipped']],
];

/** CloudEvents type of what owners are told of a campaign. */
export function campaignEventTypeOf(kind: CampaignAnnouncementKind): string {
  return `dev.skein.dataset-campaign.${kind}`;
}

/**
 * The CloudEvent for one owner of datasets in a campaign: how many of theirs ended
 * how, with a link to the campaign's page that shows these.
 *
 * @param options.counts - of the owner's datasets
 * @param options.portalUrl - where the portal is, for `source` and links
 */
export function campaignEvent(options: {
  id: string;
  kind: CampaignAnnouncementKind;
  campaign: Pick<CampaignRecord, 'id' | 'title'>;
  owner: string;
  counts: CampaignCounts;
  portalUrl?: string;
}): JsonObject {
  const { id, kind, campaign, owner, counts, portalUrl = '' } = options;
  const link = `/dataset-migrations/campaigns/${
    campaign.id
  }?owner=${encodeURIComponent(owner)}`;
  const event = new CloudEvent({
    id,
    type: campaignEventTypeOf(kind),
    source: `${portalUrl}/dataset-migrations`,
    subject: campaign.id,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {
      title: `Campaign ${campaign.title} ${said[kind]}`,
      summary: summaryOf(counts),
      severity: counts.failed + counts.blocked > 0 ? 'high' : 'normal',
      link,
      url: portalUrl ? `${portalUrl}${link}` : undefined,
      campaignId: campaign.id,
      owner,
      counts,
    },
  });
  return JSON.parse(JSON.stringify(event));
}

/** `Of your datasets: 12 succeeded, 2 failed, 1 left out`. */
function summaryOf(counts: CampaignCounts): string {
  const parts = named
    .map(([name, states]): [string, number] => [
      name,
      states.reduce((sum, state) => sum + counts[state], 0),
    ])
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`);
  return `Of your datasets: ${parts.join(', ')}`;
}
