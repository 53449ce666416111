import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { CodedText } from '../shared/CodedText';

const useStyles = makeStyles(theme => ({
  message: { flexGrow: 1, minWidth: 0 },
  list: {
    margin: theme.spacing(1, 0),
    paddingLeft: theme.spacing(2.5),
    overflowWrap: 'anywhere',
    '& li + li': { marginTop: theme.spacing(0.75) },
  },
}));

/** What stands in the way of a plan, for the owner to put right, and a way to look again. */
export function RefusalAdvice(props: {
  refusals: string[];
  onRetry: () => void;
}) {
  const { refusals, onRetry } = props;
  const classes = useStyles();
  if (refusals.length === 0) {
    return null;
  }
  return (
    <Alert severity="warning" classes={{ message: classes.message }}>
      <AlertTitle>Before this can start</AlertTitle>
      <Typography variant="body2">
        The plan is sound, but it cannot be carried out as things are. Nothing
        has been changed.
      </Typography>
      <ul className={classes.list} aria-label="What stands in the way">
        {refusals.map(refusal => (
          <li key={refusal}>
            <CodedText text={refusal} />
          </li>
        ))}
      </ul>
      <Button size="small" color="inherit" variant="outlined" onClick={onRetry}>
        Look again
      </Button>
    </Alert>
  );
}
