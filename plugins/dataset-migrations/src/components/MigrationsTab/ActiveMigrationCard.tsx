import { InfoCard, Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { describeState } from '../../format/words';
import { useMigration } from '../../hooks/useMigration';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { CardSkeleton } from '../shared/CardSkeleton';
import { ErrorState } from '../shared/ErrorState';
import { LiveRegion } from '../shared/LiveRegion';
import { StageStepper } from '../shared/StageStepper';
import { StateChip } from '../shared/StateChip';
import { TransformProgressBar } from '../shared/TransformProgressBar';
import { VersionStep } from '../shared/VersionStep';

const useStyles = makeStyles(theme => ({
  title: { display: 'flex', alignItems: 'center', gap: theme.spacing(1.5) },
  progress: { marginTop: theme.spacing(2) },
}));

/** The migration that holds the dataset now, live. */
export function ActiveMigrationCard(props: { id: string }) {
  const classes = useStyles();
  const links = useMigrationLinks();
  const { value: migration, error, refresh } = useMigration(props.id);

  if (error && !migration) {
    return (
      <ErrorState
        error={error}
        what="the running migration"
        onRetry={refresh}
      />
    );
  }
  if (!migration) {
    return <CardSkeleton lines={3} />;
  }
  const sentence = describeState(migration);
  return (
    <InfoCard
      title={
        <span className={classes.title}>
          <VersionStep from={migration.fromVersion} to={migration.toVersion} />
          <StateChip state={migration.state} />
        </span>
      }
      action={
        <Link to={links.migration(migration.id)}>Open this migration</Link>
      }
      headerProps={{ style: { alignItems: 'center' } }}
    >
      <LiveRegion message={`Migration ${migration.state}`} />
      <Typography variant="body1">{sentence}</Typography>
      <StageStepper stages={migration.stages} state={migration.state} />
      {migration.stage === 'transform' && migration.progress && (
        <div className={classes.progress}>
          <TransformProgressBar progress={migration.progress} />
        </div>
      )}
    </InfoCard>
  );
}
