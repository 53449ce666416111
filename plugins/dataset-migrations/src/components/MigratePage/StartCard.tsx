import { InfoCard, Link } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import {
  Dataset,
  PlanResponse,
  Policy,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { useCanMigrate } from '../../hooks/useCanMigrate';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { useStartMigration } from '../../hooks/useStartMigration';
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
  policy: Policy;
  onPolicy: (policy: Policy) => void;
  /** Of the plan under that policy; undefined while it is not known. */
  refusals: string[] | undefined;
  /** Makes the plan anew. */
  onLookAgain: () => void;
  /** The dataset is not as this page shows it any more. */
  onConflict: () => void;
}) {
  const { dataset, plan, policy, onPolicy, refusals } = props;
  const { onLookAgain, onConflict } = props;
  const classes = useStyles();
  const links = useMigrationLinks();
  const permission = useCanMigrate(dataset.entityRef);
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
        <RefusalAdvice refusals={refusals ?? []} onRetry={onLookAgain} />
        <PolicyChoice plan={plan} value={policy} onChange={onPolicy} />
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
              refusals?.length !== 0 ||
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
