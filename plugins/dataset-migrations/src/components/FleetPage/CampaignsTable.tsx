import { useMemo } from 'react';
import { Link } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import {
  CampaignAction,
  campaignActions,
  CampaignSummary,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { countEnded } from '../../campaigns';
import { formatPace } from '../../format/campaigns';
import { formatSeconds } from '../../format/durations';
import { formatCount, formatQuantity } from '../../format/numbers';
import { useCanManageCampaigns } from '../../hooks/useCanManageCampaigns';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { CampaignActions } from '../shared/CampaignActions';
import { CampaignProgressBar } from '../shared/CampaignProgressBar';
import { CampaignStateChip } from '../shared/CampaignStateChip';
import { CodedText } from '../shared/CodedText';
import { DataColumn, DataTable } from '../shared/DataTable';
import { RelativeTime } from '../shared/RelativeTime';
import { StarterLink } from '../shared/StarterLink';

function TitleCell({ campaign }: { campaign: CampaignSummary }) {
  const links = useMigrationLinks();
  return (
    <>
      <Link to={links.campaign(campaign.id)}>{campaign.title}</Link>
      <Typography variant="caption" color="textSecondary" display="block">
        <StarterLink startedBy={campaign.createdBy} />,{' '}
        <RelativeTime at={campaign.createdAt} />
      </Typography>
    </>
  );
}

function StateCell({ campaign }: { campaign: CampaignSummary }) {
  const { state, reason, opensAt } = campaign;
  return (
    <>
      <CampaignStateChip state={state} />
      {reason && (
        <Typography variant="caption" display="block">
          <CodedText text={reason} />
        </Typography>
      )}
      {opensAt && (
        <Typography variant="caption" color="textSecondary" display="block">
          opens <RelativeTime at={opensAt} />
        </Typography>
      )}
    </>
  );
}

function ProgressCell({ campaign }: { campaign: CampaignSummary }) {
  const { total, counts, wave } = campaign;
  const attention = [
    counts.failed > 0 && `${formatCount(counts.failed)} failed`,
    counts.blocked > 0 && `${formatCount(counts.blocked)} blocked`,
    wave && `wave ${wave.current} of ${wave.count}`,
  ].filter(Boolean);
  return (
    <>
      <CampaignProgressBar campaign={campaign} />
      <Typography variant="caption" display="block">
        {formatCount(countEnded(campaign))} of{' '}
        {formatQuantity(total, 'dataset')}
        {attention.length > 0 && `, ${attention.join(', ')}`}
      </Typography>
    </>
  );
}

function PaceCell({ campaign }: { campaign: CampaignSummary }) {
  const { endedPerMinute, secondsLeft, state } = campaign;
  if (state !== 'running' || endedPerMinute === undefined) {
    return <>–</>;
  }
  return (
    <>
      {formatPace(endedPerMinute)}
      {secondsLeft !== undefined && secondsLeft > 0 && (
        <Typography variant="caption" color="textSecondary" display="block">
          {formatSeconds(secondsLeft)} left
        </Typography>
      )}
    </>
  );
}

/** Cancelling wants the whole picture, which is on the campaign's page. */
const offered: CampaignAction[] = ['start', 'pause', 'resume', 'retry-failed'];

const columns: DataColumn<CampaignSummary>[] = [
  {
    id: 'campaign',
    title: 'Campaign',
    width: '26%',
    render: campaign => <TitleCell campaign={campaign} />,
  },
  {
    id: 'state',
    title: 'State',
    width: '20%',
    render: campaign => <StateCell campaign={campaign} />,
  },
  {
    id: 'progress',
    title: 'Progress',
    render: campaign => <ProgressCell campaign={campaign} />,
  },
  {
    id: 'pace',
    title: 'Pace',
    width: 120,
    align: 'right',
    render: campaign => <PaceCell campaign={campaign} />,
  },
];

/** Campaigns, one a line, with what can be done at once for those who may. */
export function CampaignsTable(props: {
  campaigns: CampaignSummary[] | undefined;
  onChanged: () => void;
  empty: string;
}) {
  const { campaigns, onChanged, empty } = props;
  const { allowed } = useCanManageCampaigns();
  const shown = useMemo(
    () =>
      allowed
        ? [
            ...columns,
            {
              id: 'actions',
              title: 'Actions',
              width: 190,
              align: 'right' as const,
              render: (campaign: CampaignSummary) => (
                <CampaignActions
                  small
                  campaign={campaign}
                  actions={offered.filter(action =>
                    campaignActions[action].from.includes(campaign.state),
                  )}
                  onUpdated={onChanged}
                />
              ),
            },
          ]
        : columns,
    [allowed, onChanged],
  );
  return (
    <DataTable
      label="Campaigns"
      columns={shown}
      rows={campaigns}
      rowKey={campaign => campaign.id}
      empty={empty}
    />
  );
}
