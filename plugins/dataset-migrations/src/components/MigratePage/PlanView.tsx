import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Dataset } from '@skein/backstage-plugin-dataset-migrations-common';
import { usePlan } from '../../hooks/usePlan';
import { CardSkeleton } from '../shared/CardSkeleton';
import { DatasetProblems } from '../shared/DatasetProblems';
import { VersionSelect } from '../shared/VersionSelect';
import { VersionStep } from '../shared/VersionStep';
import { PlanDetails } from './PlanDetails';
import { PlanProblem } from './PlanProblem';

const useStyles = makeStyles(theme => ({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
    marginBottom: theme.spacing(3),
  },
  versions: { fontSize: theme.typography.pxToRem(24) },
}));

/** The version to go to, and its plan or why there is none. */
export function PlanView(props: {
  dataset: Dataset;
  versions: string[];
  target: string;
  onTarget: (version: string) => void;
  onConflict: () => void;
}) {
  const { dataset, versions, target, onTarget, onConflict } = props;
  const classes = useStyles();
  const { value: plan, error, refresh } = usePlan(dataset.entityRef, target);

  return (
    <>
      <div className={classes.head}>
        <Typography component="h2" className={classes.versions}>
          <VersionStep from={dataset.currentVersion} to={target} />
        </Typography>
        <VersionSelect versions={versions} value={target} onChange={onTarget} />
      </div>
      <DatasetProblems problems={dataset.problems} />
      {error && !plan && (
        <PlanProblem
          error={error}
          target={target}
          versions={dataset.versions.map(({ version }) => version)}
          onRetry={refresh}
        />
      )}
      {!error && !plan && <CardSkeleton title="Plan" lines={6} />}
      {plan && (
        <PlanDetails
          key={target}
          dataset={dataset}
          plan={plan}
          error={error}
          onRetry={refresh}
          onConflict={onConflict}
        />
      )}
    </>
  );
}
