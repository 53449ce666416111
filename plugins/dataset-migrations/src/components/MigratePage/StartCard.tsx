import { useState } from 'react';
import { InfoCard, Link } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  Dataset,
  PlanResponse,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { useCanMigrate } from '../../hooks/useCanMigrate';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { Live } from '../../hooks/useLive';
import { usePlan } from '../../hooks/usePlan';
import { useStartMigration } from '../../hooks/useStartMigration';
import { LinesSkeleton } from '../shared/CardSkeleton';
import { EnginePlanFacts } from '../shared/EnginePlanFacts';
import { ForbiddenState } from '../shared/ForbiddenState';
import { InlineError } from '../shared/InlineError';
import { PlanSummary } from './PlanSummary';
import { PolicyChoice } from './PolicyChoice';
import { RefusalAdvice } from './RefusalAdvice';

const useStyles = makeStyles(theme => ({
  stack: { display: 'grid', gap: theme.spacing(2.5) },
}));

/** The plan in short, the choice of policy, and the button. */
export function StartCard(props: {
  dataset: Dataset;
  plan: PlanResponse;
  /** The dataset is not as this page shows it any more. */
  onConflict: () => void;
}) {
  const { dataset, plan, onConflict } = props;
  const classes = useStyles();
  const links = useMigrationLinks();
  const permission = useCanMigrate(dataset.entityRef);
  const [chosen, setChosen] = useState<Policy>();
  const policy = chosen ?? plan.proposedPolicy;
  const { value: planned, error, refresh } = usePlanUnder(policy, plan);
  const start = useStartMigration(
    {
      datasetRef: dataset.entityRef,
      targetVersion: plan.toVersion,
      policy,
      expectedVersion: plan.fromVersion,
    },
    onConflict,
  );
  const active = dataset.activeMigration;

  return (
    <InfoCard title="Plan">
      <div className={classes.stack}>
        <PlanSummary plan={plan} />
        <div>
          <Typography variant="subtitle2" component="h3" gutterBottom>
            How the data is moved
          </Typography>
          {planned && <EnginePlanFacts plan={planned.enginePlan} />}
          {!planned && !error && <LinesSkeleton label="Loading Plan" />}
          <InlineError error={planned ? undefined : error}>
            <Button color="inherit" size="small" onClick={refresh}>
              Try again
            </Button>
          </InlineError>
        </div>
        <RefusalAdvice refusals={planned?.enginePlan.refusals ?? []} />
        <PolicyChoice plan={plan} value={policy} onChange={setChosen} />
        <InlineError error={start.error}>
          {active && (
            <Link to={links.migration(active.id)}>
              Open the active migration
            </Link>
          )}
        </InlineError>
        {!permission.loading && !permission.allowed ? (
          <ForbiddenState title="You may not migrate this dataset">
            Its owner may, and those whom the portal's policy allows.
          </ForbiddenState>
        ) : (
          <Button
            variant="contained"
            color="primary"
            size="large"
            onClick={() => start.run()}
            disabled={
              permission.loading ||
              start.running ||
              planned?.enginePlan.refusals.length !== 0 ||
              active !== undefined
            }
          >
            Start migration
          </Button>
        )}
      </div>
    </InfoCard>
  );
}

/** The plan at hand, or the one that the engine makes for the policy that was not proposed. */
function usePlanUnder(
  policy: Policy,
  plan: PlanResponse,
): Pick<Live<PlanResponse>, 'value' | 'error' | 'refresh'> {
  const isOther = policy !== plan.proposedPolicy;
  const other = usePlan(
    plan.datasetRef,
    isOther ? plan.toVersion : undefined,
    policy,
  );
  return isOther ? other : { value: plan, refresh: other.refresh };
}
