import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import {
  AcceptedChange,
  describeChange,
} from '@skein/backstage-plugin-dataset-migrations-common';
import { CodedText } from './CodedText';

const useStyles = makeStyles(theme => ({
  list: { margin: theme.spacing(0.5, 0, 0), paddingLeft: theme.spacing(2.5) },
}));

/** Says what was accepted of changes that are others by now. Renders nothing otherwise. */
export function DroppedAcceptances(props: { dropped: AcceptedChange[] }) {
  const { dropped } = props;
  const classes = useStyles();
  if (dropped.length === 0) {
    return null;
  }
  return (
    <Alert severity="info">
      <Typography variant="body2">
        Accepted, and none of these changes any more, so that it counts no
        longer:
      </Typography>
      <ul className={classes.list} aria-label="What counts no longer">
        {dropped.map(accepted => (
          <li key={accepted.id}>
            <CodedText text={describeChange(accepted)} />, by {accepted.by}:{' '}
            {accepted.reason}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
