import LinearProgress from '@material-ui/core/LinearProgress';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { TransformProgress } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatSeconds } from '../../format/durations';
import { formatCount, formatQuantity, formatRate } from '../../format/numbers';

const useStyles = makeStyles(theme => ({
  facts: {
    display: 'flex',
    flexWrap: 'wrap',
    justifyContent: 'space-between',
    gap: theme.spacing(0, 3),
    marginTop: theme.spacing(0.75),
    fontVariantNumeric: 'tabular-nums',
  },
  bar: { height: 8, borderRadius: 4 },
}));

/** How far the transformation got: rows, chunks, speed and time left. */
export function TransformProgressBar(props: {
  progress: TransformProgress;
  compact?: boolean;
}) {
  const { progress, compact } = props;
  const classes = useStyles();
  const { activity = 'copying' } = progress;
  const share = percentOf(progress);

  const rows = rowsOf(progress);
  const speed = [
    progress.rowsPerSecond === undefined
      ? undefined
      : formatRate(progress.rowsPerSecond),
    progress.secondsLeft
      ? `${formatSeconds(progress.secondsLeft)} left`
      : undefined,
  ]
    .filter(Boolean)
    .join(' · ');

  return (
    <div>
      <LinearProgress
        className={classes.bar}
        variant={
          share === undefined || activity !== 'copying'
            ? 'indeterminate'
            : 'determinate'
        }
        value={share}
        aria-label="Rows transformed"
        aria-valuetext={rows}
      />
      <div className={classes.facts}>
        <Typography variant="body2">{rows}</Typography>
        {!compact && (
          <Typography variant="body2" color="textSecondary">
            {chunksOf(progress)}
          </Typography>
        )}
        {speed && (
          <Typography variant="body2" color="textSecondary">
            {speed}
          </Typography>
        )}
      </div>
    </div>
  );
}

function rowsOf({ rowsDone, rowsTotal, share }: TransformProgress): string {
  const done = formatQuantity(rowsDone, 'row');
  if (rowsTotal !== undefined) {
    return `${formatCount(rowsDone)} of ${formatQuantity(rowsTotal, 'row')}`;
  }
  return share === undefined ? done : `${done}, ${Math.floor(100 * share)} %`;
}

/** Undefined where nobody knows how much there is. */
function percentOf(progress: TransformProgress): number | undefined {
  const { rowsDone, rowsTotal, share } = progress;
  if (rowsTotal === undefined) {
    return share === undefined ? undefined : 100 * share;
  }
  // A total of 0 is an empty dataset, which is done at once.
  return Math.min(100, rowsTotal === 0 ? 100 : (100 * rowsDone) / rowsTotal);
}

function chunksOf({ chunksDone, chunksTotal }: TransformProgress): string {
  return chunksTotal === undefined
    ? formatQuantity(chunksDone, 'chunk')
    : `${formatCount(chunksDone)} of ${formatQuantity(chunksTotal, 'chunk')}`;
}
