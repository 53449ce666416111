import { stringifyEntityRef } from '@backstage/catalog-model';
import { InfoCard } from '@backstage/core-components';
import { useEntity } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import { Dataset } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { useDataset } from '../../hooks/useDataset';
import { useSubscription } from '../../hooks/useSubscription';
import { CardSkeleton } from '../shared/CardSkeleton';
import { DatasetProblems } from '../shared/DatasetProblems';
import { ErrorState } from '../shared/ErrorState';
import { InlineError } from '../shared/InlineError';
import { MigrateButton } from '../shared/MigrateButton';
import { FollowButton } from './FollowButton';
import { NextStep } from './NextStep';
import { RunningMigration } from './RunningMigration';

const TITLE = 'Dataset version';

const useStyles = makeStyles(theme => ({
  stack: { display: 'grid', gap: theme.spacing(2) },
  version: {
    fontSize: theme.typography.pxToRem(32),
    lineHeight: 1.1,
    fontWeight: 500,
    fontVariantNumeric: 'tabular-nums',
  },
}));

/** The dataset's version and what comes next, for the overview. */
export function DatasetCard() {
  const { entity } = useEntity();
  const { value, error, refresh } = useDataset(stringifyEntityRef(entity));
  if (error && !value) {
    return (
      <InfoCard title={TITLE}>
        <ErrorState error={error} what="this dataset" onRetry={refresh} />
      </InfoCard>
    );
  }
  return value ? (
    <LoadedCard dataset={value} />
  ) : (
    <CardSkeleton title={TITLE} lines={3} />
  );
}

function LoadedCard({ dataset }: { dataset: Dataset }) {
  const classes = useStyles();
  const { activeMigration, nextVersion, problems } = dataset;
  const coexisting = dataset.versions.filter(v => v.state === 'coexisting');
  const subscription = useSubscription(dataset.entityRef);
  const { value: subscribed, follow } = subscription;
  return (
    <InfoCard
      title={TITLE}
      action={
        subscribed?.available && (
          <FollowButton
            title={dataset.title}
            following={subscribed.following}
            running={follow.running}
            onChange={follow.run}
          />
        )
      }
      actions={
        !activeMigration &&
        nextVersion && (
          <MigrateButton datasetRef={dataset.entityRef} version={nextVersion} />
        )
      }
    >
      <div className={classes.stack}>
        <div>
          <Typography component="div" className={classes.version}>
            {dataset.currentVersion ?? 'none published'}
          </Typography>
          <Typography variant="body2" color="textSecondary">
            {[
              dataset.engine,
              `read by ${formatQuantity(dataset.consumerCount, 'consumer')}`,
              ...coexisting.map(v => `${v.version} still beside it`),
            ]
              .filter(Boolean)
              .join(' · ')}
          </Typography>
        </div>
        {activeMigration && <RunningMigration id={activeMigration.id} />}
        {!activeMigration && nextVersion && (
          <NextStep dataset={dataset} next={nextVersion} />
        )}
        {!activeMigration && !nextVersion && problems.length === 0 && (
          <Typography variant="body1">
            There is no newer version. It appears here once a contract with a
            higher version is added to the entity.
          </Typography>
        )}
        {dataset.drift && <Alert severity="warning">{dataset.drift}</Alert>}
        <DatasetProblems problems={problems} />
        <InlineError error={follow.error} />
        <InlineError error={subscription.error}>
          <Button color="inherit" size="small" onClick={subscription.refresh}>
            Try again
          </Button>
        </InlineError>
      </div>
    </InfoCard>
  );
}
