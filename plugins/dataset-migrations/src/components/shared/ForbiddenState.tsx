import { ReactNode } from 'react';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import LockIcon from '@material-ui/icons/LockOutlined';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    gap: theme.spacing(2),
    alignItems: 'flex-start',
    padding: theme.spacing(2),
  },
  icon: { color: theme.palette.text.secondary },
}));

/** Says that a permission is missing, and what to do about it. */
export function ForbiddenState(props: { title: string; children: ReactNode }) {
  const classes = useStyles();
  return (
    <div className={classes.root} role="note">
      <LockIcon className={classes.icon} aria-hidden />
      <div>
        <Typography variant="subtitle1" component="p">
          {props.title}
        </Typography>
        <Typography variant="body2" color="textSecondary">
          {props.children}
        </Typography>
      </div>
    </div>
  );
}
