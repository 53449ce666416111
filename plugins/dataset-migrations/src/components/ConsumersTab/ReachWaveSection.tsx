import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { ReachWave } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { ReachRow } from './reachRows';
import { ReachTable } from './ReachTable';

const MARK = 32;

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: `${MARK}px minmax(0, 1fr)`,
    gap: theme.spacing(0, 2),
    padding: theme.spacing(0, 2),
    listStyle: 'none',
  },
  rail: { display: 'flex', flexDirection: 'column', alignItems: 'center' },
  mark: {
    flex: 'none',
    width: MARK,
    height: MARK,
    borderRadius: '50%',
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    fontWeight: theme.typography.fontWeightBold as number,
    color: theme.palette.text.primary,
    border: `2px solid ${theme.palette.primary.main}`,
  },
  // Leads to the wave after this one.
  line: {
    flex: '1 1 auto',
    width: 2,
    backgroundColor: theme.palette.divider,
  },
  content: { paddingBottom: theme.spacing(3), minWidth: 0 },
  head: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'baseline',
    gap: theme.spacing(0, 2),
    minHeight: MARK,
    paddingBottom: theme.spacing(1),
  },
  hidden: { padding: theme.spacing(1, 2) },
}));

/** One wave: who is in it, and how many are that the user may not see. */
export function ReachWaveSection(props: {
  wave: ReachWave;
  rows: ReachRow[];
  isLast: boolean;
}) {
  const { wave, rows, isLast } = props;
  const { consumers, datasets, hidden } = wave;
  const classes = useStyles();
  const headingId = `dataset-migrations-wave-${wave.wave}`;
  const unseen = quantities(hidden.datasets, hidden.consumers);
  return (
    <li className={classes.root} aria-labelledby={headingId}>
      <div className={classes.rail} aria-hidden>
        <span className={classes.mark}>{wave.wave}</span>
        {!isLast && <span className={classes.line} />}
      </div>
      <div className={classes.content}>
        <div className={classes.head}>
          <Typography variant="h6" component="h3" id={headingId}>
            Wave {wave.wave}
          </Typography>
          <Typography variant="body2" color="textSecondary">
            {wave.wave === 1
              ? 'Those who read this dataset, and what is made of it'
              : `Those who read the datasets of wave ${
                  wave.wave - 1
                }, and what is made of these`}
            {': '}
            {quantities(datasets.length, consumers.length) || 'nobody'}
          </Typography>
        </div>
        {datasets.length + consumers.length > 0 && (
          <ReachTable wave={wave.wave} rows={rows} />
        )}
        {unseen && (
          <Typography
            variant="body2"
            color="textSecondary"
            className={classes.hidden}
          >
            And {unseen} that you may not see.
          </Typography>
        )}
      </div>
    </li>
  );
}

/** `2 datasets and 1 consumer`; empty for none. */
function quantities(datasets: number, consumers: number): string {
  return [
    datasets > 0 && formatQuantity(datasets, 'dataset'),
    consumers > 0 && formatQuantity(consumers, 'consumer'),
  ]
    .filter(Boolean)
    .join(' and ');
}
