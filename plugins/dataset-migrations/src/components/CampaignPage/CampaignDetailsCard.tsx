import { InfoCard } from '@backstage/core-components';
import { Campaign } from '@skein/backstage-plugin-dataset-migrations-common';
import {
  formatSelection,
  formatShare,
  formatWaves,
  formatWindow,
} from '../../format/campaigns';
import { formatSpan } from '../../format/durations';
import { formatCount, formatQuantity } from '../../format/numbers';
import { policyNames } from '../../format/words';
import { Facts } from '../shared/Facts';
import { RelativeTime } from '../shared/RelativeTime';
import { StarterLink } from '../shared/StarterLink';

/** What was asked for. */
export function CampaignDetailsCard(props: { campaign: Campaign }) {
  const { campaign } = props;
  const { limits, policy, stop, timeoutMinutes, waves, windows } = campaign;
  return (
    <InfoCard title="Details">
      <Facts
        facts={[
          ['Datasets', formatSelection(campaign.selection)],
          ['To version', campaign.targetVersion ?? 'the next of each'],
          [
            'Publish',
            policy === 'proposed'
              ? 'As the plan of each dataset proposes'
              : policyNames[policy],
          ],
          ['At a time', formatQuantity(limits.maxInFlight, 'migration')],
          ['In batches of', formatCount(limits.batchSize)],
          [
            'Starts a minute',
            limits.startsPerMinute && formatCount(limits.startsPerMinute),
          ],
          [
            'Per connection',
            limits.maxInFlightPerConnection &&
              `${formatCount(limits.maxInFlightPerConnection)} at a time`,
          ],
          [
            'Per owner',
            limits.maxInFlightPerOwner &&
              `${formatCount(limits.maxInFlightPerOwner)} at a time`,
          ],
          ['Waves', waves && formatWaves(waves)],
          [
            'Windows',
            windows.length > 0
              ? windows.map(window => (
                  <div key={formatWindow(window)}>{formatWindow(window)}</div>
                ))
              : 'at any time',
          ],
          ['Pauses itself', formatStop(stop)],
          [
            'Time allowed',
            timeoutMinutes && `${formatSpan(60 * timeoutMinutes)} a migration`,
          ],
          ['Created by', <StarterLink startedBy={campaign.createdBy} />],
          ['Created', <RelativeTime at={campaign.createdAt} />],
          [
            'Started',
            campaign.startedAt && <RelativeTime at={campaign.startedAt} />,
          ],
          ['Id', <code>{campaign.id}</code>],
        ]}
      />
    </InfoCard>
  );
}

function formatStop(stop: Campaign['stop']): string | undefined {
  const rules = [
    stop?.failures !== undefined && formatQuantity(stop.failures, 'failure'),
    stop?.failureRate !== undefined &&
      `${formatShare(stop.failureRate)} of those that ended`,
  ].filter(Boolean);
  return rules.length > 0 ? `after ${rules.join(' or ')}` : undefined;
}
