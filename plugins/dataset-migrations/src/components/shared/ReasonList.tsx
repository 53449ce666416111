import { makeStyles } from '@material-ui/core/styles';
import { CodedText } from './CodedText';

const useStyles = makeStyles(theme => ({
  root: {
    margin: 0,
    padding: 0,
    listStyle: 'none',
    '& li + li': { marginTop: theme.spacing(0.5) },
  },
}));

/** Sentences that explain a verdict. */
export function ReasonList(props: { reasons: string[] }) {
  const classes = useStyles();
  return (
    <ul className={classes.root}>
      {props.reasons.map(reason => (
        <li key={reason}>
          <CodedText text={reason} />
        </li>
      ))}
    </ul>
  );
}
