import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatCount } from '../../format/numbers';
import { CodedText } from '../shared/CodedText';

/** More ranges than these say no more about where to look. */
const SHOWN_RANGES = 8;

const useStyles = makeStyles(theme => ({
  list: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    overflowWrap: 'anywhere',
    '& > li + li': { marginTop: theme.spacing(1) },
  },
  range: { fontFamily: 'monospace', fontSize: '0.95em' },
}));

/** Differences between the versions, each with the key ranges that hold it. */
export function Mismatches(props: {
  mismatches: VerificationReport['mismatches'];
  /** What a screen reader calls them. */
  label: string;
}) {
  const { mismatches, label } = props;
  const classes = useStyles();
  return (
    <ul className={classes.list} aria-label={label}>
      {mismatches.map(({ message, ranges }) => (
        <li key={`${message} ${ranges.join()}`}>
          <Typography variant="body2">
            <CodedText text={message} />
          </Typography>
          {ranges.length > 0 && (
            <Typography variant="body2" color="textSecondary">
              in{' '}
              <span className={classes.range}>
                {ranges.slice(0, SHOWN_RANGES).join('; ')}
              </span>
              {ranges.length > SHOWN_RANGES &&
                ` and ${formatCount(ranges.length - SHOWN_RANGES)} more`}
            </Typography>
          )}
        </li>
      ))}
    </ul>
  );
}
