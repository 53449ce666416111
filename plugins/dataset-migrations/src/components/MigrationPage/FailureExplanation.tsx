import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { Migration } from '@skein/backstage-plugin-dataset-migrations-common';
import { stageNames } from '../../format/words';
import { CodedText } from '../shared/CodedText';

/** What went wrong, in which stage, and what that means for the data. */
export function FailureExplanation(props: { migration: Migration }) {
  const { error, state } = props.migration;
  // A blocked migration has an explanation of its own.
  if (!error || state === 'blocked') {
    return null;
  }
  const where = error.stage && ` in stage ${stageNames[error.stage]}`;
  return (
    <Alert severity={state === 'failed' ? 'error' : 'warning'}>
      <AlertTitle>
        {error.name}
        {where}
      </AlertTitle>
      <CodedText text={error.message} />
    </Alert>
  );
}
