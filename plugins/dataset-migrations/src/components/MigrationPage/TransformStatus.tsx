import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import HourglassEmptyIcon from '@material-ui/icons/HourglassEmpty';
import SyncIcon from '@material-ui/icons/Sync';
import { TransformProgress } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { activityNames } from '../../format/words';
import { CodedText } from '../shared/CodedText';
import { toneColor } from '../shared/tones';
import { TransformProgressBar } from '../shared/TransformProgressBar';

const useStyles = makeStyles(theme => ({
  stack: { display: 'grid', gap: theme.spacing(1) },
  line: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    overflowWrap: 'anywhere',
  },
  waiting: { fontSize: 18, color: toneColor(theme, 'running') },
  throttled: { fontSize: 18, color: toneColor(theme, 'warning') },
}));

/** What the engine does now, how far it is, how far behind, and what holds it up. */
export function TransformStatus(props: {
  progress: TransformProgress;
  /** Whether it still goes on; afterwards only the numbers stay. */
  active: boolean;
}) {
  const { progress, active } = props;
  const { activity = 'copying', changesWaiting, throttledBy } = progress;
  const classes = useStyles();
  return (
    <div className={classes.stack}>
      {active && (
        <Typography variant="subtitle2" component="h3">
          {activityNames[activity]}
        </Typography>
      )}
      <TransformProgressBar
        progress={active ? progress : { ...progress, activity: 'copying' }}
      />
      {active && changesWaiting !== undefined && (
        <div className={classes.line}>
          <SyncIcon className={classes.waiting} aria-hidden />
          <Typography variant="body2">
            {changesWaiting === 0
              ? 'Nothing that was written meanwhile is waiting'
              : `${formatQuantity(
                  changesWaiting,
                  'change',
                )} written meanwhile, waiting to be brought over`}
          </Typography>
        </div>
      )}
      {active && throttledBy && (
        <div className={classes.line}>
          <HourglassEmptyIcon className={classes.throttled} aria-hidden />
          <Typography variant="body2">
            Going slower than it could: <CodedText text={throttledBy} />
          </Typography>
        </div>
      )}
    </div>
  );
}
