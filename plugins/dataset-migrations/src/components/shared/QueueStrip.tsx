import { ReactNode } from 'react';
import Paper from '@material-ui/core/Paper';
import { makeStyles } from '@material-ui/core/styles';
import Skeleton from '@material-ui/lab/Skeleton';
import { formatSeconds } from '../../format/durations';
import { formatCount, formatQuantity } from '../../format/numbers';
import { isForbidden, messageOf } from '../../errors';
import { useQueueStatus } from '../../hooks/useQueueStatus';
import { QueueFigure } from './QueueFigure';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(1, 6),
    padding: theme.spacing(2, 3),
    marginBottom: theme.spacing(3),
    minHeight: 82,
  },
}));

/** The queue at a glance: what waits and for how long, what runs, and who works. */
export function QueueStrip(props: {
  /** Figures from elsewhere, after those of the queue. */
  children?: ReactNode;
}) {
  const classes = useStyles();
  const { value: queue, error } = useQueueStatus();
  // The queue is for operators; others do without it.
  if (isForbidden(error)) {
    return null;
  }
  if (!queue) {
    return (
      <Paper className={classes.root}>
        {error ? (
          `The queue cannot be asked: ${messageOf(error)}`
        ) : (
          <Skeleton width="60%" />
        )}
      </Paper>
    );
  }
  const slots = queue.workers.reduce((total, { slots: n }) => total + n, 0);
  return (
    <Paper className={classes.root} component="section" aria-label="Queue">
      <QueueFigure
        name="Queued jobs"
        value={formatCount(queue.depth)}
        note={
          queue.depth > 0
            ? `oldest waits ${formatSeconds(queue.oldestAgeSeconds)}`
            : 'nothing waits'
        }
      />
      {queue.eligibleBacklog > queue.depth && (
        <QueueFigure
          name="Backlog"
          value={formatCount(queue.eligibleBacklog)}
          note="could start now"
        />
      )}
      <QueueFigure
        name="Running jobs"
        value={formatCount(queue.running)}
        note={slots > 0 ? `of ${formatQuantity(slots, 'slot')}` : undefined}
      />
      <QueueFigure
        name="Workers alive"
        value={formatCount(queue.workersAlive)}
        tone={queue.workersAlive === 0 ? 'error' : undefined}
        note={
          queue.workersAlive === 0
            ? 'migrations wait until one starts'
            : undefined
        }
      />
      <QueueFigure
        name="Failed jobs"
        value={formatCount(queue.failed)}
        tone={queue.failed > 0 ? 'warning' : undefined}
      />
      {props.children}
    </Paper>
  );
}
