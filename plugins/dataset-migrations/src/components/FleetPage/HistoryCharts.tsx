import { lazy, Suspense, useMemo } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Skeleton from '@material-ui/lab/Skeleton';
import { QueueSample } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatSeconds } from '../../format/durations';
import { formatCount } from '../../format/numbers';
import { Series, TimePoint } from './series';
import { throughputOf } from './throughput';
import { HistoryRange } from './useHistoryRange';

// The library of charts comes only to those who look at one.
const TimeChart = lazy(() =>
  import('./TimeChart').then(m => ({ default: m.TimeChart })),
);

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fit, minmax(250px, 1fr))',
    gap: theme.spacing(3),
  },
}));

const CHART_HEIGHT = 190;

const formatRate = (perMinute: number) =>
  `${Number(perMinute.toFixed(perMinute < 10 ? 1 : 0))}`;

interface Chart {
  title: string;
  series: Series[];
  format(value: number): string;
}

const charts: Array<Chart & { of: 'queue' | 'throughput' }> = [
  {
    title: 'Waiting',
    of: 'queue',
    format: formatCount,
    series: [
      { key: 'eligibleBacklog', name: 'Backlog', tone: 'running' },
      { key: 'depth', name: 'Queued jobs', tone: 'neutral' },
    ],
  },
  {
    title: 'Oldest job waits',
    of: 'queue',
    format: formatSeconds,
    series: [{ key: 'oldestAgeSeconds', name: 'Oldest', tone: 'warning' }],
  },
  {
    title: 'At work',
    of: 'queue',
    format: formatCount,
    series: [
      { key: 'running', name: 'Running jobs', tone: 'running' },
      { key: 'workersAlive', name: 'Workers', tone: 'neutral' },
    ],
  },
  {
    title: 'Migrations ended per minute',
    of: 'throughput',
    format: formatRate,
    series: [
      { key: 'succeeded', name: 'Succeeded', tone: 'ok' },
      { key: 'failed', name: 'Failed', tone: 'error' },
    ],
  },
];

/** One small chart for each question; nothing to draw is said. */
export function HistoryCharts(props: {
  samples: QueueSample[];
  range: HistoryRange;
}) {
  const { samples, range } = props;
  const classes = useStyles();
  const points = useMemo(
    () => ({
      queue: samples.map(sample => ({
        ...sample,
        at: Date.parse(sample.at),
      })) as TimePoint[],
      throughput: throughputOf(samples) as unknown as TimePoint[],
    }),
    [samples],
  );
  if (points.throughput.length === 0) {
    return (
      <Typography variant="body2" color="textSecondary">
        The queue is measured every few seconds. There is not enough of the{' '}
        {range.name} to draw yet.
      </Typography>
    );
  }
  return (
    <div className={classes.root}>
      {charts.map(({ title, of, series, format }) => (
        <div key={title}>
          <Typography variant="subtitle2" component="h3" gutterBottom>
            {title}
          </Typography>
          <Suspense
            fallback={<Skeleton variant="rect" height={CHART_HEIGHT} />}
          >
            <TimeChart
              title={title}
              range={range}
              points={points[of]}
              series={series}
              format={format}
              height={CHART_HEIGHT}
            />
          </Suspense>
        </div>
      ))}
    </div>
  );
}
