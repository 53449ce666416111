import { makeStyles } from '@material-ui/core/styles';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { FailuresCard } from '../shared/FailuresCard';
import { PageFrame } from '../shared/PageFrame';
import { portalTabs } from '../shared/portalTabs';
import { QueueStrip } from '../shared/QueueStrip';
import { CampaignsCard } from './CampaignsCard';
import { HistoryCard } from './HistoryCard';
import { ThroughputFigure } from './ThroughputFigure';
import { WorkersCard } from './WorkersCard';

const useStyles = makeStyles(theme => ({
  stack: { display: 'grid', gap: theme.spacing(3) },
}));

/** All campaigns, the queue over time, the workers, and what failed and why. */
export function FleetPage() {
  const links = useMigrationLinks();
  const classes = useStyles();
  return (
    <PageFrame
      title="Dataset migrations"
      description="Campaigns, and the fleet of workers that carries them out"
      tabs={portalTabs(links)}
      activeTab="fleet"
    >
      <QueueStrip>
        <ThroughputFigure />
      </QueueStrip>
      <div className={classes.stack}>
        <CampaignsCard />
        <HistoryCard />
        <FailuresCard active />
        <WorkersCard />
      </div>
    </PageFrame>
  );
}
