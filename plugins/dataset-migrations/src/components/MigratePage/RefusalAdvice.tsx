import { makeStyles } from '@material-ui/core/styles';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { CodedText } from '../shared/CodedText';

const useStyles = makeStyles(theme => ({
  list: { margin: 0, paddingLeft: theme.spacing(2) },
}));

/** Why the engine would not carry the plan out, so that the owner can change that. */
export function RefusalAdvice(props: { refusals: string[] }) {
  const classes = useStyles();
  if (props.refusals.length === 0) {
    return null;
  }
  return (
    <Alert severity="warning">
      <AlertTitle>Before this can start</AlertTitle>
      <ul className={classes.list}>
        {props.refusals.map(refusal => (
          <li key={refusal}>
            <CodedText text={refusal} />
          </li>
        ))}
      </ul>
    </Alert>
  );
}
