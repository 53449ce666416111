import { InfoCard } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  isActive,
  Migration,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { describeState } from '../../format/words';
import { Elapsed } from '../shared/Elapsed';
import { LiveRegion } from '../shared/LiveRegion';
import { StageStepper } from '../shared/StageStepper';
import { StateChip } from '../shared/StateChip';
import { MigrationActions } from './MigrationActions';
import { TransformStatus } from './TransformStatus';

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
  progress: { marginTop: theme.spacing(3) },
}));

/** Where the migration stands, its stages, and what can be done. */
export function StatusCard(props: {
  migration: Migration;
  onUpdated: (migration: Migration) => void;
}) {
  const { migration, onUpdated } = props;
  const classes = useStyles();
  const { progress, stage, state } = migration;
  const transforms = stage === 'transform' && isActive(state);
  // Writes are brought over until the cut over.
  const lags = isActive(state) && Boolean(progress?.changesWaiting);
  // The last numbers stay once the rows are through.
  const showProgress =
    progress && (lags || stage === 'transform' || state === 'succeeded');
  return (
    <InfoCard>
      <LiveRegion message={`Migration ${state}. ${describeState(migration)}`} />
      <div className={classes.head}>
        <div>
          <div className={classes.state}>
            <StateChip state={state} />
            {migration.startedAt && (
              <Typography variant="body2" color="textSecondary">
                <Elapsed from={migration.startedAt} to={migration.finishedAt} />
              </Typography>
            )}
          </div>
          <Typography variant="h6" component="h2" className={classes.sentence}>
            {describeState(migration)}
          </Typography>
        </div>
        <MigrationActions migration={migration} onUpdated={onUpdated} />
      </div>
      <StageStepper stages={migration.stages} state={state} />
      {showProgress && (
        <div className={classes.progress}>
          <TransformStatus progress={progress} active={transforms || lags} />
        </div>
      )}
    </InfoCard>
  );
}
