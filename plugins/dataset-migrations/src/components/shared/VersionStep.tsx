import { makeStyles } from '@material-ui/core/styles';
import ArrowRightAltIcon from '@material-ui/icons/ArrowRightAlt';
import { VisuallyHidden } from './VisuallyHidden';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    whiteSpace: 'nowrap',
    fontVariantNumeric: 'tabular-nums',
  },
  to: { fontWeight: theme.typography.fontWeightBold as number },
  arrow: { color: theme.palette.text.secondary, fontSize: '1.25em' },
}));

/** `1.0.0 → 2.0.0`. */
export function VersionStep(props: { from?: string; to: string }) {
  const classes = useStyles();
  return (
    <span className={classes.root}>
      {props.from && <span>{props.from}</span>}
      <ArrowRightAltIcon className={classes.arrow} aria-hidden />
      <VisuallyHidden> to </VisuallyHidden>
      <span className={classes.to}>{props.to}</span>
    </span>
  );
}
