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
 * The CloudEvent for one owner of datasets in a campaign, or of their consumers: how many
 * of theirs ended how, and how many others that they read are at a new version, with a
 * link to the campaign's page.
 *
 * @param options.counts - of the owner's datasets, if there are any
 * @param options.changed - how many others that the owner's consumers read succeeded
 * @param options.portalUrl - where the portal is, for `source` and links
 */
export function campaignEvent(options: {
  id: string;
  kind: CampaignAnnouncementKind;
  campaign: Pick<CampaignRecord, 'id' | 'title'>;
  owner: string;
  counts?: CampaignCounts;
  changed: number;
  portalUrl?: string;
}): JsonObject {
  const { id, kind, campaign, owner, counts, changed } = options;
  const { portalUrl = '' } = options;
  const link = `/dataset-migrations/campaigns/${campaign.id}${
    counts ? `?owner=${encodeURIComponent(owner)}` : ''
  }`;
  const isBad = counts !== undefined && counts.failed + counts.blocked > 0;
  const event = new CloudEvent({
    id,
    type: campaignEventTypeOf(kind),
    source: `${portalUrl}/dataset-migrations`,
    subject: campaign.id,
    time: new Date().toISOString(),
    datacontenttype: 'application/json',
    data: {
      // Who only reads is not who it waits for.
      title: `Campaign ${campaign.title} ${
        counts ? said[kind] : 'changed datasets that you read'
      }`,
      summary: [
        counts && `Of your datasets: ${ends(counts)}`,
        changed > 0 && `Of the datasets that you read: ${changed} succeeded`,
      ]
        .filter(Boolean)
        .join('. '),
      severity: isBad ? 'high' : 'normal',
      link,
      url: portalUrl ? `${portalUrl}${link}` : undefined,
      campaignId: campaign.id,
      owner,
      counts,
      changed: changed > 0 ? changed : undefined,
    },
  });
  return JSON.parse(JSON.stringify(event));
}

/** `12 succeeded, 2 failed, 1 left out`. */
function ends(counts: CampaignCounts): string {
  return named
    .map(([name, states]): [string, number] => [
      name,
      states.reduce((sum, state) => sum + counts[state], 0),
    ])
    .filter(([, count]) => count > 0)
    .map(([name, count]) => `${count} ${name}`)
    .join(', ');
}
