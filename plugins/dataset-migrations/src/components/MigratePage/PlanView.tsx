import { InfoCard } from '@backstage/core-components';
import Grid from '@material-ui/core/Grid';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Dataset } from '@skein/backstage-plugin-dataset-migrations-common';
import { usePlan } from '../../hooks/usePlan';
import { CardSkeleton } from '../shared/CardSkeleton';
import { ChangesTable } from '../shared/ChangesTable';
import { DatasetProblems } from '../shared/DatasetProblems';
import { StaleNotice } from '../shared/StaleNotice';
import { StepList } from '../shared/StepList';
import { VersionSelect } from '../shared/VersionSelect';
import { VersionStep } from '../shared/VersionStep';
import { PlanConsumers } from './PlanConsumers';
import { PlanProblem } from './PlanProblem';
import { PreflightCard } from './PreflightCard';
import { PreviewCard } from './PreviewCard';
import { StartCard } from './StartCard';

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
  column: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(3),
    minWidth: 0,
  },
}));

/** One plan from all sides on the left, the decision on the right. */
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
      {error && !plan && <PlanProblem error={error} onRetry={refresh} />}
      {!error && !plan && <CardSkeleton title="Plan" lines={6} />}
      {plan && (
        <Grid container spacing={3}>
          <Grid item xs={12} md={8} className={classes.column}>
            <StaleNotice error={error} onRetry={refresh} />
            <InfoCard title="What changes" noPadding>
              <ChangesTable
                changes={plan.changes}
                source={plan.source}
                target={plan.target}
              />
            </InfoCard>
            <InfoCard
              title="Steps"
              subheader={
                plan.stepsFrom === 'document'
                  ? 'As the owner wrote them in the migration document'
                  : 'Derived from the difference of the two contracts, which is unambiguous'
              }
            >
              <StepList steps={plan.steps} />
            </InfoCard>
            <PreflightCard
              key={`preflight ${target}`}
              datasetRef={dataset.entityRef}
              targetVersion={target}
            />
          </Grid>
          <Grid item xs={12} md={4} className={classes.column}>
            <StartCard dataset={dataset} plan={plan} onConflict={onConflict} />
          </Grid>
          <Grid item xs={12} className={classes.column}>
            <PreviewCard
              key={`preview ${target}`}
              datasetRef={dataset.entityRef}
              targetVersion={target}
              changes={plan.changes}
            />
            <PlanConsumers plan={plan} />
          </Grid>
        </Grid>
      )}
    </>
  );
}
