import { withStyles } from '@material-ui/core/styles';
import ToggleButton from '@material-ui/lab/ToggleButton';

/** A button of a group of which some are pressed, as readable as text is. */
export const TextToggle = withStyles(theme => ({
  root: {
    textTransform: 'none',
    color: theme.palette.text.primary,
    '&$selected': { color: theme.palette.text.primary },
  },
  selected: {},
}))(ToggleButton);
