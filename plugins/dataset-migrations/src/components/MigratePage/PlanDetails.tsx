import { useState } from 'react';
import { InfoCard } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Grid from '@material-ui/core/Grid';
import { makeStyles } from '@material-ui/core/styles';
import {
  Dataset,
  PlanResponse,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { AcceptableChanges } from '../shared/AcceptableChanges';
import { LinesSkeleton } from '../shared/CardSkeleton';
import { DataMovement } from '../shared/DataMovement';
import { InlineError } from '../shared/InlineError';
import { StaleNotice } from '../shared/StaleNotice';
import { StepList } from '../shared/StepList';
import { PlanConsumers } from './PlanConsumers';
import { PreflightCard } from './PreflightCard';
import { PreviewCard } from './PreviewCard';
import { StartCard } from './StartCard';
import { usePlanUnder } from './usePlanUnder';

const useStyles = makeStyles(theme => ({
  column: {
    display: 'flex',
    flexDirection: 'column',
    gap: theme.spacing(3),
    minWidth: 0,
  },
}));

/** What a plan changes and how it is carried out on the left, the decision on the right. */
export function PlanDetails(props: {
  dataset: Dataset;
  /** Under the policy that it proposes. */
  plan: PlanResponse;
  /** Why the plan could not be made anew, if it could not. */
  error?: Error;
  onRetry: () => void;
  /** The dataset is not as this page shows it any more. */
  onConflict: () => void;
}) {
  const { dataset, plan, error, onRetry, onConflict } = props;
  const classes = useStyles();
  const [chosen, setChosen] = useState<Policy>();
  const policy = chosen ?? plan.proposedPolicy;
  const planned = usePlanUnder(policy, plan, onRetry);
  const target = plan.toVersion;

  return (
    <Grid container spacing={3}>
      <Grid item xs={12} md={8} className={classes.column}>
        <StaleNotice error={error} onRetry={onRetry} />
        <InfoCard title="What changes" noPadding>
          <AcceptableChanges
            datasetRef={plan.datasetRef}
            fromVersion={plan.fromVersion}
            toVersion={target}
            changes={plan.changes}
            consumers={plan.consumers}
            source={plan.source}
            target={plan.target}
            onChanged={onRetry}
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
        <InfoCard title="How the data is moved">
          {planned.value && <DataMovement plan={planned.value.enginePlan} />}
          {!planned.value && !planned.error && (
            <LinesSkeleton label="Loading Plan" />
          )}
          <InlineError error={planned.value ? undefined : planned.error}>
            <Button color="inherit" size="small" onClick={planned.refresh}>
              Try again
            </Button>
          </InlineError>
        </InfoCard>
        <PreflightCard
          key={`preflight ${target}`}
          datasetRef={dataset.entityRef}
          targetVersion={target}
        />
      </Grid>
      <Grid item xs={12} md={4} className={classes.column}>
        <StartCard
          dataset={dataset}
          plan={plan}
          policy={policy}
          onPolicy={setChosen}
          refusals={planned.value?.enginePlan.refusals}
          onLookAgain={planned.refresh}
          onConflict={onConflict}
        />
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
  );
}
