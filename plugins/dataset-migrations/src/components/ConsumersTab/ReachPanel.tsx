import { useDeferredValue, useMemo, useState } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import {
  ReachResponse,
  Verdict,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { formatCount } from '../../format/numbers';
import { useReach } from '../../hooks/useReach';
import { ConsumerCounts } from '../shared/ConsumerCounts';
import { ErrorState } from '../shared/ErrorState';
import { SearchField } from '../shared/SearchField';
import { StaleNotice } from '../shared/StaleNotice';
import { ReachFilter, reachCounts, reachRows } from './reachRows';
import { ReachTable } from './ReachTable';
import { ReachWaveSection } from './ReachWaveSection';

const useStyles = makeStyles(theme => ({
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(2),
    padding: theme.spacing(2),
  },
  note: { margin: theme.spacing(0, 2, 2) },
  waves: { margin: 0, padding: theme.spacing(1, 0, 0) },
}));

const meanings: Record<Verdict, string> = {
  breaks: 'would break or change',
  unknown: 'cannot be told',
  ready: 'not affected',
};

/** Whom a version reaches through the datasets that are made of this one. */
export function ReachPanel(props: {
  datasetRef: string;
  targetVersion: string | undefined;
}) {
  const { datasetRef, targetVersion } = props;
  const classes = useStyles();
  const reach = useReach(datasetRef, targetVersion);
  const { value, error, refresh } = reach;
  const [filter, setFilter] = useState<ReachFilter>({ search: '' });
  // Typing stays fluent with thousands of consumers.
  const { search, verdict } = useDeferredValue(filter);
  const waves = useMemo(
    () =>
      value?.waves.map(wave => ({
        wave,
        rows: reachRows(wave, { search, verdict }),
      })),
    [value, search, verdict],
  );

  if (error && !value) {
    return (
      <ErrorState
        error={error}
        what="whom this dataset reaches"
        onRetry={refresh}
      />
    );
  }
  if (!value || !waves) {
    return <ReachTable wave={1} rows={undefined} />;
  }
  return (
    <>
      <StaleNotice error={error} onRetry={refresh} />
      <div className={classes.bar}>
        <ConsumerCounts
          counts={reachCounts(value)}
          meanings={meanings}
          selected={filter.verdict}
          onSelect={chosen => setFilter({ ...filter, verdict: chosen })}
        />
        <SearchField
          label="Search those reached"
          value={filter.search}
          onChange={text => setFilter({ ...filter, search: text })}
        />
      </div>
      <ReachNote reach={value} className={classes.note} />
      <ol className={classes.waves} aria-label="Waves">
        {waves.map(({ wave, rows }, index) => (
          <ReachWaveSection
            key={wave.wave}
            wave={wave}
            rows={rows}
            isLast={index === waves.length - 1}
          />
        ))}
      </ol>
    </>
  );
}

const cuts: Record<NonNullable<ReachResponse['truncated']>['by'], string> = {
  waves: 'waves are followed',
  entities: 'datasets and consumers are looked at',
  links: 'ways from one dataset to another are followed',
};

/** What the waves do not show by themselves. */
function ReachNote(props: { reach: ReachResponse; className: string }) {
  const { reach, className } = props;
  const { waves, truncated } = reach;
  if (truncated) {
    return (
      <Alert severity="warning" className={className}>
        It goes on from here: only {formatCount(truncated.limit)}{' '}
        {cuts[truncated.by]}.
      </Alert>
    );
  }
  if (waves.every(wave => wave.datasets.length + wave.hidden.datasets === 0)) {
    return (
      <Typography variant="body2" color="textSecondary" className={className}>
        It ends with those who read this dataset: no other dataset names it, or
        one of them, in its spec.dependsOn.
      </Typography>
    );
  }
  return null;
}
