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

/** How many migrations at a time, altogether and by what they burden. */
export function LimitFields() {
  return (
    <div className={useStyles().root}>
      <DraftInput
        name="batchSize"
        label="Batch"
        required
        help="Migrations started in one go."
      />
      <DraftInput
        name="maxInFlight"
        label="At a time"
        required
        help="Migrations that wait for a worker or run."
      />
      <DraftInput
        name="startsPerMinute"
        label="Starts per minute"
        placeholder="no limit"
      />
      <DraftInput
        name="maxInFlightPerConnection"
        label="At a time per connection"
        placeholder="no limit"
        help="To spare each warehouse."
      />
      <DraftInput
        name="maxInFlightPerOwner"
        label="At a time per owner"
        placeholder="no limit"
        help="To spare each team."
      />
    </div>
  );
}
