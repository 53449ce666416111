import { Link } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { describeState } from '../../format/words';
import { useMigration } from '../../hooks/useMigration';
import { useMigrationLinks } from '../../hooks/useMigrationLinks';
import { LiveRegion } from '../shared/LiveRegion';
import { StateChip } from '../shared/StateChip';
import { TransformProgressBar } from '../shared/TransformProgressBar';
import { VersionStep } from '../shared/VersionStep';

const useStyles = makeStyles(theme => ({
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    marginBottom: theme.spacing(1),
  },
  progress: { marginTop: theme.spacing(1) },
}));

/** The active migration, small. */
export function RunningMigration(props: { id: string }) {
  const classes = useStyles();
  const links = useMigrationLinks();
  const { value: migration } = useMigration(props.id);
  if (!migration) {
    return <Link to={links.migration(props.id)}>A migration is active</Link>;
  }
  return (
    <div>
      <LiveRegion message={`Migration ${migration.state}`} />
      <div className={classes.head}>
        <Link to={links.migration(props.id)}>
          <VersionStep from={migration.fromVersion} to={migration.toVersion} />
        </Link>
        <StateChip state={migration.state} />
      </div>
      <Typography variant="body2" color="textSecondary">
        {describeState(migration)}
      </Typography>
      {migration.stage === 'transform' && migration.progress && (
        <div className={classes.progress}>
          <TransformProgressBar progress={migration.progress} compact />
        </div>
      )}
    </div>
  );
}
