import { InfoCard } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Campaign } from '@skein/backstage-plugin-dataset-migrations-common';
import { countEnded } from '../../campaigns';
import { describeCampaign, formatPace } from '../../format/campaigns';
import { formatSeconds } from '../../format/durations';
import { formatCount } from '../../format/numbers';
import { CampaignActions } from '../shared/CampaignActions';
import { CampaignProgressBar } from '../shared/CampaignProgressBar';
import { CampaignStateChip } from '../shared/CampaignStateChip';
import { CodedText } from '../shared/CodedText';
import { Elapsed } from '../shared/Elapsed';
import { Figures } from '../shared/Figures';
import { LiveRegion } from '../shared/LiveRegion';
import { RelativeTime } from '../shared/RelativeTime';
import { StateCounts } from './StateCounts';

const useStyles = makeStyles(theme => ({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'flex-start',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
  },
  state: { display: 'flex', alignItems: 'center', gap: theme.spacing(1.5) },
  sentence: { marginTop: theme.spacing(1) },
  progress: {
    display: 'grid',
    gap: theme.spacing(2),
    marginTop: theme.spacing(3),
  },
}));

/** Where the campaign stands, how far it is, and what can be done. */
export function CampaignStatusCard(props: {
  campaign: Campaign;
  onUpdated: (campaign: Campaign) => void;
}) {
  const { campaign, onUpdated } = props;
  const classes = useStyles();
  const { state, reason, total, wave, opensAt } = campaign;
  const runs = state === 'running';
  return (
    <InfoCard>
      <LiveRegion
        message={`Campaign ${state}. ${describeCampaign(campaign)}`}
      />
      <div className={classes.head}>
        <div>
          <div className={classes.state}>
            <CampaignStateChip state={state} />
            {campaign.startedAt && (
              <Typography variant="body2" color="textSecondary">
                <Elapsed from={campaign.startedAt} to={campaign.finishedAt} />
              </Typography>
            )}
          </div>
          <Typography variant="h6" component="h2" className={classes.sentence}>
            {describeCampaign(campaign)}
          </Typography>
          {reason && (
            <Typography variant="body1">
              <CodedText text={reason} />
            </Typography>
          )}
        </div>
        <CampaignActions
          campaign={campaign}
          actions={campaign.actions}
          onUpdated={onUpdated}
        />
      </div>
      <div className={classes.progress}>
        <CampaignProgressBar campaign={campaign} />
        <StateCounts campaign={campaign} />
        <Figures
          figures={[
            [
              'Through',
              `${formatCount(countEnded(campaign))} of ${formatCount(total)}`,
            ],
            ['Wave', wave && `${wave.current} of ${wave.count}`],
            [
              'Pace',
              runs && campaign.endedPerMinute !== undefined
                ? formatPace(campaign.endedPerMinute)
                : undefined,
            ],
            [
              'Time left',
              runs && campaign.secondsLeft
                ? formatSeconds(campaign.secondsLeft)
                : undefined,
            ],
            ['Opens', opensAt && <RelativeTime at={opensAt} />],
          ]}
        />
      </div>
    </InfoCard>
  );
}
