import FormControlLabel from '@material-ui/core/FormControlLabel';
import { makeStyles } from '@material-ui/core/styles';
import Switch from '@material-ui/core/Switch';
import Typography from '@material-ui/core/Typography';
import { DraftInput } from './DraftInput';
import { useCampaignForm } from './FormContext';

const useStyles = makeStyles(theme => ({
  root: { display: 'grid', gap: theme.spacing(2) },
  fields: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(230px, 1fr))',
    gap: theme.spacing(2.5),
    alignItems: 'start',
  },
}));

/** A few first, then share by share. */
export function WaveFields() {
  const { draft, change } = useCampaignForm();
  const classes = useStyles();
  return (
    <div className={classes.root}>
      <div>
        <FormControlLabel
          control={
            <Switch
              color="primary"
              checked={draft.inWaves}
              onChange={event => change({ inWaves: event.target.checked })}
            />
          }
          label="A few datasets first"
        />
        <Typography variant="body2" color="textSecondary">
          Each wave begins when the one before has ended. When too many of a
          wave fail, the campaign pauses and waits for you.
        </Typography>
      </div>
      {draft.inWaves && (
        <div className={classes.fields}>
          <DraftInput
            name="canary"
            label="First wave"
            required
            unit="datasets"
          />
          <DraftInput
            name="shares"
            label="Then up to"
            required
            unit="%"
            help="Of all datasets, after each wave that follows."
          />
          <DraftInput
            name="maxFailureRate"
            label="Failures allowed in a wave"
            required
            unit="%"
          />
        </div>
      )}
    </div>
  );
}
