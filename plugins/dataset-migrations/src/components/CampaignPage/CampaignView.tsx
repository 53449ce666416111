import Grid from '@material-ui/core/Grid';
import { makeStyles } from '@material-ui/core/styles';
import { Campaign } from '@skein/backstage-plugin-dataset-migrations-common';
import { isOngoing } from '../../campaigns';
import { FailuresCard } from '../shared/FailuresCard';
import { CampaignDatasetsCard } from './CampaignDatasetsCard';
import { CampaignDeliveriesCard } from './CampaignDeliveriesCard';
import { CampaignDetailsCard } from './CampaignDetailsCard';
import { CampaignLogCard } from './CampaignLogCard';
import { CampaignStatusCard } from './CampaignStatusCard';
import { DryRunCard } from './DryRunCard';

const useStyles = makeStyles(theme => ({
  column: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(3),
    minWidth: 0,
  },
}));

/** What matters now at the top, the datasets below, the facts at the side. */
export function CampaignView(props: {
  campaign: Campaign;
  onUpdated: (campaign: Campaign) => void;
}) {
  const { campaign, onUpdated } = props;
  const classes = useStyles();
  const { counts, id, state } = campaign;
  const hasFailures = counts.failed > 0 || counts.blocked > 0;
  return (
    <div className={classes.column}>
      <CampaignStatusCard campaign={campaign} onUpdated={onUpdated} />
      <div>
        <Grid container spacing={3}>
          <Grid item xs={12} md={8} className={classes.column}>
            {campaign.dryRun && (
              <DryRunCard campaign={campaign} dryRun={campaign.dryRun} />
            )}
            {hasFailures && (
              <FailuresCard campaignId={id} active={isOngoing(state)} />
            )}
            <CampaignLogCard events={campaign.events} />
          </Grid>
          <Grid item xs={12} md={4} className={classes.column}>
            <CampaignDetailsCard campaign={campaign} />
          </Grid>
        </Grid>
      </div>
      <CampaignDatasetsCard campaign={campaign} />
      {campaign.startedAt && <CampaignDeliveriesCard campaign={campaign} />}
    </div>
  );
}
