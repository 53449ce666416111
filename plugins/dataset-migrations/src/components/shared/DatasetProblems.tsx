import { makeStyles } from '@material-ui/core/styles';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { DatasetProblem } from '@skein/backstage-plugin-dataset-migrations-common';
import { CodedText } from './CodedText';

const useStyles = makeStyles(theme => ({
  list: {
    margin: 0,
    paddingLeft: theme.spacing(2),
    overflowWrap: 'anywhere',
  },
}));

/** What keeps a dataset from being migrated, and where it is written. */
export function DatasetProblems(props: { problems: DatasetProblem[] }) {
  const classes = useStyles();
  if (props.problems.length === 0) {
    return null;
  }
  return (
    <Alert severity="warning">
      <AlertTitle>
        This dataset cannot be migrated as it is described
      </AlertTitle>
      <ul className={classes.list}>
        {props.problems.map(problem => (
          <li key={`${problem.path} ${problem.message}`}>
            <CodedText text={`\`${problem.path}\`: ${problem.message}`} />
          </li>
        ))}
      </ul>
    </Alert>
  );
}
