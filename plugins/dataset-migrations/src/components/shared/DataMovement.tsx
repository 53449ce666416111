import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { EnginePlanSummary } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatSeconds } from '../../format/durations';
import { formatBytes, formatCount } from '../../format/numbers';
import { CodedText } from './CodedText';
import { Figures } from './Figures';
import { LocksTable } from './LocksTable';

/** What an engine does with the rows, and why that is the way to do it. */
const strategies: Record<
  EnginePlanSummary['strategy'],
  { name: string; reason: string }
> = {
  'metadata-only': {
    name: 'Metadata only: no row is copied',
    reason:
      'The store makes all of these changes in its own catalog, so it takes moments, however large the dataset is.',
  },
  'shadow-copy': {
    name: 'Copy into a shadow beside the live data',
    reason:
      'Rows need another shape than they have. They are written beside the live data, which stays as it is; readers change over at the end, in one step.',
  },
};

const useStyles = makeStyles(theme => ({
  stack: { display: 'grid', gap: theme.spacing(2.5) },
  notes: {
    margin: 0,
    paddingLeft: theme.spacing(2.5),
    '& li + li': { marginTop: theme.spacing(0.5) },
  },
}));

/** How the engine will carry a plan out, and what that takes of the store. */
export function DataMovement(props: { plan: EnginePlanSummary }) {
  const { plan } = props;
  const classes = useStyles();
  const { name, reason } = strategies[plan.strategy];
  return (
    <div className={classes.stack}>
      <div>
        <Typography variant="body1">{name}</Typography>
        <Typography variant="body2" color="textSecondary">
          {reason}
        </Typography>
      </div>
      <Figures
        figures={[
          ['Engine', plan.engine],
          ['Rows', about(plan.rows, formatCount)],
          ['Size', about(plan.bytes, formatBytes)],
          ['Chunks', plan.chunks ? formatCount(plan.chunks) : undefined],
          ['Takes', about(plan.seconds, formatSeconds)],
          ['Needs free', about(plan.diskBytes, formatBytes)],
        ]}
      />
      {plan.locks && (
        <div>
          <Typography variant="subtitle2" component="h3" gutterBottom>
            Locks
          </Typography>
          <LocksTable locks={plan.locks} />
        </div>
      )}
      {plan.notes.length > 0 && (
        <div>
          <Typography variant="subtitle2" component="h3" gutterBottom>
            To know
          </Typography>
          <Typography component="ul" variant="body2" className={classes.notes}>
            {plan.notes.map(note => (
              <li key={note}>
                <CodedText text={note} />
              </li>
            ))}
          </Typography>
        </div>
      )}
    </div>
  );
}

/** All of it is estimated from what the store knows without a scan. */
function about(
  value: number | undefined,
  format: (value: number) => string,
): string | undefined {
  return value === undefined ? undefined : `about ${format(value)}`;
}
