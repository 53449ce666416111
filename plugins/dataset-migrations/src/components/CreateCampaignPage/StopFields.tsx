import { makeStyles } from '@material-ui/core/styles';
import { DraftInput } from './DraftInput';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(230px, 1fr))',
    gap: theme.spacing(2.5),
    alignItems: 'start',
  },
}));

/** What makes the campaign pause by itself, and what makes it give one migration up. */
export function StopFields() {
  return (
    <div className={useStyles().root}>
      <DraftInput
        name="stopFailures"
        label="Pause after"
        unit="failures"
        placeholder="no limit"
      />
      <DraftInput
        name="stopFailureRate"
        label="Pause when"
        unit="% failed"
        placeholder="no limit"
        help="Of those that ended, once 20 have."
      />
      <DraftInput
        name="timeoutMinutes"
        label="Time for one migration"
        unit="minutes"
        placeholder="no limit"
        help="One that takes longer is cancelled and counts as failed."
      />
    </div>
  );
}
