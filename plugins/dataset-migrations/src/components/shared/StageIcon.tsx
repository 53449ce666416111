import CircularProgress from '@material-ui/core/CircularProgress';
import { makeStyles, Theme } from '@material-ui/core/styles';
import CheckCircleIcon from '@material-ui/icons/CheckCircle';
import ErrorIcon from '@material-ui/icons/Error';
import PauseCircleFilledIcon from '@material-ui/icons/PauseCircleFilled';
import RadioButtonUncheckedIcon from '@material-ui/icons/RadioButtonUnchecked';
import RemoveCircleOutlineIcon from '@material-ui/icons/RemoveCircleOutline';
import { StageRecord } from '@skein/backstage-plugin-dataset-migrations-common';
import { Tone, toneColor } from './tones';

/** What a stage looks like; `held` is a stage of a blocked migration. */
export type StageLook = StageRecord['state'] | 'held';

const tones: Record<StageLook, Tone> = {
  pending: 'neutral',
  running: 'running',
  succeeded: 'ok',
  failed: 'error',
  skipped: 'neutral',
  held: 'warning',
};

const icons = {
  pending: RadioButtonUncheckedIcon,
  succeeded: CheckCircleIcon,
  failed: ErrorIcon,
  skipped: RemoveCircleOutlineIcon,
  held: PauseCircleFilledIcon,
};

const useStyles = makeStyles<Theme, { tone: Tone }>(theme => ({
  root: { color: ({ tone }) => toneColor(theme, tone) },
  faint: { opacity: 0.6 },
}));

/** The icon of one stage in the stepper. */
export function StageIcon(props: { look: StageLook }) {
  const { look } = props;
  const classes = useStyles({ tone: tones[look] });
  if (look === 'running') {
    return <CircularProgress size={22} className={classes.root} aria-hidden />;
  }
  const Icon = icons[look];
  return (
    <Icon
      className={
        look === 'pending' ? `${classes.root} ${classes.faint}` : classes.root
      }
      aria-hidden
    />
  );
}
