import { makeStyles } from '@material-ui/core/styles';
import CheckIcon from '@material-ui/icons/Check';
import ErrorIcon from '@material-ui/icons/Error';
import { VerificationReport } from '@skein/backstage-plugin-dataset-migrations-common';
import { CodedText } from '../shared/CodedText';
import { ToneChip } from '../shared/ToneChip';
import { VisuallyHidden } from '../shared/VisuallyHidden';

const useStyles = makeStyles(theme => ({
  chips: {
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(0.75),
    margin: 0,
    padding: 0,
    listStyle: 'none',
  },
  mismatches: {
    margin: theme.spacing(1.5, 0, 0),
    paddingLeft: theme.spacing(2.5),
    overflowWrap: 'anywhere',
  },
}));

/** Every column, whether it agrees, and the key ranges of those that do not. */
export function VerifiedColumns(
  props: Pick<VerificationReport, 'columns' | 'mismatches'>,
) {
  const { columns, mismatches } = props;
  const classes = useStyles();
  return (
    <>
      <ul className={classes.chips} aria-label="Columns">
        {columns.map(({ name, ok }) => (
          <li key={name}>
            <ToneChip
              tone={ok ? 'ok' : 'error'}
              icon={ok ? CheckIcon : ErrorIcon}
            >
              {name}
              {ok ? <VisuallyHidden> agrees</VisuallyHidden> : ' differs'}
            </ToneChip>
          </li>
        ))}
      </ul>
      {mismatches.length > 0 && (
        <ul className={classes.mismatches} aria-label="Mismatches">
          {mismatches.map(mismatch => (
            <li key={`${mismatch.column} ${mismatch.message}`}>
              <CodedText
                text={`${mismatch.column ? `\`${mismatch.column}\`: ` : ''}${
                  mismatch.message
                }`}
              />
              {mismatch.ranges.length > 0 && (
                <> ({mismatch.ranges.join(', ')})</>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
