import { InfoCard } from '@backstage/core-components';
import Grid from '@material-ui/core/Grid';
import { makeStyles } from '@material-ui/core/styles';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { DataMovement } from '../shared/DataMovement';
import { BlockExplanation } from './BlockExplanation';
import { BoardCard } from './BoardCard';
import { ChangesCard } from './ChangesCard';
import { DetailsCard } from './DetailsCard';
import { FailureExplanation } from './FailureExplanation';
import { LogCard } from './LogCard';
import { MigrationDeliveriesCard } from './MigrationDeliveriesCard';
import { StatusCard } from './StatusCard';
import { VerificationCard } from './VerificationCard';

const useStyles = makeStyles(theme => ({
  column: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(3),
    minWidth: 0,
  },
}));

/** What matters now at the top; the evidence below; the facts at the side. */
export function MigrationView(props: {
  migration: Migration;
  onUpdated: (migration: Migration) => void;
}) {
  const { migration, onUpdated } = props;
  const classes = useStyles();
  return (
    <div className={classes.column}>
      <StatusCard migration={migration} onUpdated={onUpdated} />
      <BlockExplanation migration={migration} />
      <FailureExplanation migration={migration} />
      <div>
        <Grid container spacing={3}>
          <Grid item xs={12} md={8} className={classes.column}>
            <VerificationCard migration={migration} />
            {migration.enginePlan && (
              <InfoCard title="How the data is moved">
                <DataMovement plan={migration.enginePlan} />
              </InfoCard>
            )}
            <LogCard migration={migration} />
          </Grid>
          <Grid item xs={12} md={4} className={classes.column}>
            <DetailsCard migration={migration} />
          </Grid>
        </Grid>
      </div>
      <ChangesCard migration={migration} onUpdated={onUpdated} />
      <BoardCard migration={migration} onUpdated={onUpdated} />
      <MigrationDeliveriesCard migration={migration} />
    </div>
  );
}
