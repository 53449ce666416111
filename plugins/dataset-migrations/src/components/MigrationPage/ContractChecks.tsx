import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import CheckIcon from '@material-ui/icons/Check';
import ErrorIcon from '@material-ui/icons/Error';
import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';
import { formatQuantity } from '../../format/numbers';
import { CodedText } from '../shared/CodedText';
import { toneColor } from '../shared/tones';

const useStyles = makeStyles(theme => ({
  list: {
    display: 'grid',
    gap: theme.spacing(0.5),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  // The words, not the icon, stand on the line of the table's row.
  line: { display: 'flex', alignItems: 'baseline', gap: theme.spacing(0.75) },
  ok: {
    fontSize: 18,
    alignSelf: 'flex-start',
    color: toneColor(theme, 'ok'),
  },
  violated: {
    fontSize: 18,
    alignSelf: 'flex-start',
    color: toneColor(theme, 'error'),
  },
}));

/** Rules of the target contract, and how many rows violate each. */
export function ContractChecks(props: {
  checks: VerificationReport['contractChecks'];
  /** What a screen reader calls them. */
  label: string;
  /** Whether each says which field it is about; not where that is plain. */
  withField?: boolean;
}) {
  const { checks, label, withField } = props;
  const classes = useStyles();
  return (
    <ul className={classes.list} aria-label={label}>
      {checks.map(check => (
        <li key={`${check.field} ${check.rule}`} className={classes.line}>
          {check.ok ? (
            <CheckIcon className={classes.ok} aria-hidden />
          ) : (
            <ErrorIcon className={classes.violated} aria-hidden />
          )}
          <Typography variant="body2" component="span">
            {withField && check.field && (
              <CodedText text={`\`${check.field}\` `} />
            )}
            {check.rule}:{' '}
            {check.ok
              ? 'holds'
              : `violated by ${formatQuantity(check.violations, 'row')}`}
          </Typography>
        </li>
      ))}
    </ul>
  );
}
