import { makeStyles, Theme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import WarningIcon from '@material-ui/icons/Warning';
import { Tone, toneColor } from './tones';

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  value: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.75),
    fontSize: theme.typography.pxToRem(24),
    lineHeight: 1.25,
    fontWeight: 500,
    fontVariantNumeric: 'tabular-nums',
  },
  icon: { fontSize: 20, color: ({ tone }) => toneColor(theme, tone) },
  note: { marginLeft: theme.spacing(1) },
}));

/** One number of the queue; with a tone it also has a sign. */
export function QueueFigure(props: {
  name: string;
  value: string;
  note?: string;
  tone?: Tone;
}) {
  const { name, value, note, tone } = props;
  const classes = useStyles({ tone: tone ?? 'neutral' });
  return (
    <div>
      <Typography variant="body2" color="textSecondary">
        {name}
      </Typography>
      <span className={classes.value}>
        {tone && <WarningIcon className={classes.icon} aria-hidden />}
        {value}
      </span>
      {note && (
        <Typography
          variant="body2"
          color="textSecondary"
          component="span"
          className={classes.note}
        >
          {note}
        </Typography>
      )}
    </div>
  );
}
