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
import { useStartMigration } from '../../hooks/useStartMigration';
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
  const start = useStartMigration(
    {
      datasetRef: dataset.entityRef,
      targetVersion: plan.toVersion,
      policy,
      expectedVersion: plan.fromVersion,
    },
    onConflict,
  );
  const { refusals } = plan.enginePlan;
  const active = dataset.activeMigration;

  return (
    <InfoCard title="Plan">
      <div className={classes.stack}>
        <PlanSummary plan={plan} />
        <div>
          <Typography variant="subtitle2" component="h3" gutterBottom>
            How the data is moved
          </Typography>
          <EnginePlanFacts plan={plan.enginePlan} />
        </div>
        <RefusalAdvice refusals={refusals} />
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
              refusals.length > 0 ||
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
